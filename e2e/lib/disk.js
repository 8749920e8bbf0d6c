/** A small disk that can be filled and locked: a mounted file system in memory. */
import { execFile } from 'node:child_process'
import { open, readdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { atEnd, temporaryFolder } from './portal.js'

const run = promisify(execFile)

/** Why small disks cannot be made here, or `false` when they can. */
export const noDisk =
  process.platform !== 'linux' || process.getuid() !== 0
    ? 'only root on Linux may mount a small disk'
    : await run('sh', [
        '-c',
        'd=$(mktemp -d) && mount -t tmpfs none $d && umount $d; rmdir $d',
      ]).then(
        () => false,
        () => 'this machine does not allow mounting',
      )

/** A disk of `megabytes` that goes away with the test. */
export class Disk {
  static async mount(test, megabytes) {
    const folder = await temporaryFolder(test)
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'callboard-e2e', folder])
    atEnd(test, () => run('umount', ['--lazy', folder]))
    return new Disk(folder)
  }

  constructor(folder) {
    this.folder = folder
  }

  /** Leaves no room for another byte. */
  async fill() {
    const { bavail, bsize } = await statfs(this.folder)
    // A block more than is free: the file takes what there is, and the rest does not fit.
    const chunk = Buffer.alloc(bsize, 1)
    const file = await open(join(this.folder, 'filler'), 'w')
    try {
      for (let written = 0; written <= bavail; written++) await file.write(chunk)
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error
    } finally {
      await file.close()
    }
  }

  /** Gives back what {@link fill} took. */
  async free() {
    await rm(join(this.folder, 'filler'))
  }

  /** Lets nobody write. */
  async lock() {
    await run('mount', ['-o', 'remount,ro', this.folder])
  }
}

/** The SQLite files in `folder`. */
export async function sqliteFiles(folder) {
  const found = []
  for (const entry of await readdir(folder, { recursive: true })) {
    const path = join(folder, entry)
    const head = await readHead(path)
    if (head === 'SQLite format 3') found.push(path)
  }
  return found
}

async function readHead(path) {
  try {
    const file = await open(path)
    const { buffer } = await file.read(Buffer.alloc(15), 0, 15, 0)
    await file.close()
    return buffer.toString('latin1')
  } catch {
    return ''
  }
}

/** Runs SQL on a SQLite file with its command-line program. */
export async function sql(file, statements) {
  const { stdout } = await run('sqlite3', [file, statements])
  return stdout.trim()
}

/** Writes over the beginning of a file. */
export async function damage(path) {
  await writeFile(path, 'this was a database once', { flag: 'r+' })
}
