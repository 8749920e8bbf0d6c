// Writes a `.br` and a `.gz` file next to every compressible asset, so that the server never has to
// compress, and prints what the files weigh.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.svg', '.json', '.txt', '.webmanifest'])
/** Smaller files fit one network packet anyway. */
const SMALLEST = 512

const root = process.argv[2]
if (!root) {
  console.error('error: no folder given\nhint: node scripts/compress.mjs dist')
  process.exit(1)
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10)

for (const entry of readdirSync(root, { recursive: true }).sort()) {
  const path = join(root, entry)
  // The server writes into index.html when it starts, so a compressed copy would be stale.
  if (!COMPRESSIBLE.has(extname(path)) || entry === 'index.html') continue
  const content = readFileSync(path)
  if (statSync(path).isDirectory() || content.length < SMALLEST) continue

  const brotli = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  })
  const gzip = gzipSync(content, { level: 9 })
  writeFileSync(`${path}.br`, brotli)
  writeFileSync(`${path}.gz`, gzip)
  console.log(
    `${relative(root, path).padEnd(44)}${kilobytes(content.length)}${kilobytes(gzip.length)} gz${kilobytes(brotli.length)} br`,
  )
}
