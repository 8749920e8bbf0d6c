/**
 * A real provider of OpenID Connect to sign in at: `node oidc-provider.mjs [port] [callback]`.
 *
 * It keeps everything in memory and shows its own pages for development: any of `ACCOUNTS` signs in with any password.
 */
import { createServer } from 'node:http'
import { pathToFileURL } from 'node:url'
import Provider from 'oidc-provider'

/** The people who have an account, by the name that they sign in with. */
export const ACCOUNTS = {
  ada: {
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    email_verified: true,
    preferred_username: 'ada',
  },
  grace: {
    name: 'Grace Hopper',
    email: 'grace@example.com',
    email_verified: true,
    preferred_username: 'grace',
  },
}

/** What Callboard is here. */
export const CLIENT = { id: 'callboard', secret: 'a-secret-of-the-end-to-end-tests' }

const claims = {
  email: ['email', 'email_verified'],
  profile: ['name', 'preferred_username'],
}

async function findAccount(_, id) {
  const account = ACCOUNTS[id]
  return account && { accountId: id, claims: async () => ({ sub: id, ...account }) }
}

function configuration(callback) {
  const portal = new URL(callback).origin
  const client = {
    client_id: CLIENT.id,
    client_secret: CLIENT.secret,
    redirect_uris: [callback],
    post_logout_redirect_uris: [`${portal}/`],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
  }
  return {
    clients: [client],
    claims,
    findAccount,
    cookies: { keys: ['for the end-to-end tests alone'] },
    features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
    // Backstage's clients are refreshed without asking for offline access.
    issueRefreshToken: async (_, client, code) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('openid'),
    pkce: { required: () => true },
  }
}

/** Starts it on `port` (any free one for 0), for a portal that takes people back at `callback`. */
export async function startProvider(port, callback) {
  const server = createServer()
  await new Promise((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', resolve),
  )
  const issuer = `http://localhost:${server.address().port}`
  const provider = new Provider(issuer, configuration(callback))
  server.on('request', provider.callback())
  return {
    issuer,
    metadataUrl: `${issuer}/.well-known/openid-configuration`,
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [port = '9400', callback = 'http://localhost:7007/api/auth/oidc/handler/frame'] =
    process.argv.slice(2)
  const { metadataUrl } = await startProvider(Number(port), callback)
  process.stdout.write(`${metadataUrl}\n`)
}
