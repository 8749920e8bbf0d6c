/** PostgreSQL databases that go away with the test. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { atEnd } from './portal.js'

/** The server to test on. */
export const server = process.env.CALLBOARD_TEST_POSTGRES

/** Why tests on PostgreSQL cannot run, or `false` when they can. */
export const noPostgres = !server && 'CALLBOARD_TEST_POSTGRES names no server'

let made = 0

/** Runs SQL in the database at `url`, and answers what it prints. */
export async function psql(url, sql) {
  const { stdout } = await promisify(execFile)('psql', [url, '-qAt', '-c', sql])
  return stdout.trim()
}

/** The address of a new database. */
export async function freshDatabase(test) {
  made += 1
  const name = `callboard_e2e_${process.pid}_${made}`
  await psql(server, `CREATE DATABASE ${name}`)
  atEnd(test, () => psql(server, `DROP DATABASE ${name} WITH (FORCE)`))
  const address = new URL(server)
  address.pathname = `/${name}`
  return address.href
}
