/**
 * Opens files that other users cannot have created or changed.
 *
 * @module
 */
import { constants } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"

const noFollow = constants.O_NOFOLLOW ?? 0

/** Opens a regular file of this user's that others cannot write; undefined when it is absent or somebody else's. */
export const openOwn = async (path: string, flags: number): Promise<FileHandle | undefined> => {
  const handle = await open(path, flags | noFollow).catch((error: NodeJS.ErrnoException) => {
    if (notOwn.has(error.code ?? "")) return undefined
    throw error
  })
  if (handle === undefined) return undefined
  const stat = await handle.stat()
  const isOwn = process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0)
  if (stat.isFile() && stat.nlink === 1 && isOwn) return handle
  await handle.close()
  return undefined
}

/** Creates a file of this user's alone; rejects when there is anything under its name. */
export const createOwn = (path: string): Promise<FileHandle> =>
  open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | noFollow, 0o600)

/** What opening says about something that is absent, a symbolic link, a directory, a socket, or not readable. */
const notOwn: ReadonlySet<string> = new Set(["ENOENT", "ELOOP", "EMLINK", "EISDIR", "ENXIO", "EACCES", "EPERM"])
