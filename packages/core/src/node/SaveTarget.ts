/**
 * Where a result is saved: a regular file, or something that is written through, such as a device, a pipe or an open descriptor.
 *
 * @module
 */
import { constants } from "node:fs"
import { access, lstat, readlink, statfs } from "node:fs/promises"
import { dirname, resolve } from "node:path"

/** A target, with symbolic links followed. */
export type SaveTarget =
  /** A regular file; `isTaken` when there is one already. */
  | { readonly _tag: "File"; readonly path: string; readonly isTaken: boolean }
  /** A device, a pipe or a socket, opened by its path. */
  | { readonly _tag: "Special"; readonly path: string; readonly isPipe: boolean }
  /** A descriptor of this process, such as `/dev/stdout` or that of a process substitution. */
  | { readonly _tag: "Descriptor"; readonly fd: number }

/** Follows links to what a path means. Rejects with a file system error, also for a directory. */
export const resolveTarget = async (path: string): Promise<SaveTarget> => {
  let current = resolve(path)
  for (let links = 0; links < maxLinks; links++) {
    const fd = descriptorOf(current)
    if (fd !== undefined) return { _tag: "Descriptor", fd }
    const stat = await statOf(current)
    if (stat === undefined) return { _tag: "File", path: current, isTaken: false }
    if (stat.isSymbolicLink()) current = resolve(dirname(current), await readlink(current))
    else if (stat.isDirectory()) throw systemError("EISDIR", "it is a directory")
    else if (stat.isFile()) return { _tag: "File", path: current, isTaken: true }
    else return { _tag: "Special", path: current, isPipe: stat.isFIFO() }
  }
  throw systemError("ELOOP", "too many symbolic links")
}

/** Checks that a target can be written, as far as that shows before its first byte. Rejects with a file system error. */
export const checkWritable = async (target: SaveTarget): Promise<void> => {
  if (target._tag === "Special") await access(target.path, constants.W_OK)
  if (target._tag === "File") await access(dirname(target.path), constants.W_OK | constants.X_OK)
}

/** Checks that a file system has room for so many bytes. Rejects with `ENOSPC`. */
export const checkSpace = async (directory: string, bytes: number): Promise<void> => {
  const { bavail, blocks, bsize } = await statfs(directory)
  // Some file systems do not say.
  if (blocks === 0 || bytes <= bavail * bsize) return
  throw systemError("ENOSPC", `no space left: it needs ${bytes} bytes, and ${bavail * bsize} are free`)
}

/** Whether anything, also a link that leads nowhere, has this name. */
export const isTaken = async (path: string): Promise<boolean> => (await statOf(path)) !== undefined

const maxLinks = 40

/** The names that systems give to the descriptors of a process. */
const descriptorOf = (path: string): number | undefined => {
  const [, name = ""] = /^(?:\/dev|\/proc\/self)\/(stdin|stdout|stderr|fd\/\d+)$/.exec(path) ?? []
  if (name === "") return undefined
  return name.startsWith("fd/") ? Number(name.slice(3)) : ["stdin", "stdout", "stderr"].indexOf(name)
}

const statOf = (path: string) =>
  lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined
    throw error
  })

const systemError = (code: string, message: string) => Object.assign(new Error(message), { code })
