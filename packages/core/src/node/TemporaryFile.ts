/**
 * The temporary file of a download, beside its target: at most one for each, resumed by a later download, and renamed to the target once
 * it is complete.
 *
 * @module
 */
import { constants } from "node:fs"
import { type FileHandle, link, open, rename, rm } from "node:fs/promises"
import { dirname } from "node:path"
import type { RemoteFile } from "../download/FileContent.ts"
import { createOwn, openOwn } from "./OwnFile.ts"
import { isTaken } from "./SaveTarget.ts"
import type { TargetLock } from "./TargetLock.ts"

/** How a complete file gets its name. */
export interface Placement {
  /** Whether a file that has the name already is replaced. */
  readonly overwrite: boolean
  readonly mode: number
}

/** A temporary file, open. Whoever has one holds the lock on its target. */
export class TemporaryFile {
  readonly file: RemoteFile
  /** How many bytes it held when it was opened. */
  readonly bytes: number
  readonly handle: FileHandle
  readonly #path: string

  private constructor(path: string, file: RemoteFile, handle: FileHandle, bytes: number) {
    this.file = file
    this.handle = handle
    this.bytes = bytes
    this.#path = path
  }

  /** What an earlier download of this job left, if it can be resumed. What cannot be is removed. */
  static async find(lock: TargetLock, ref: string): Promise<TemporaryFile | undefined> {
    const { partial, paths } = lock
    if (partial?.ref === ref && partial.file.validator !== null) {
      const handle = await openOwn(paths.temporary, constants.O_RDWR)
      const bytes = handle === undefined ? 0 : (await handle.stat()).size
      if (handle !== undefined && bytes > 0 && bytes <= (partial.file.size ?? bytes)) {
        return new TemporaryFile(paths.temporary, partial.file, handle, bytes)
      }
      await handle?.close()
    }
    await rm(paths.temporary, { force: true })
    if (partial !== null) await lock.setPartial(null)
    return undefined
  }

  /** A new one. It is recorded first, so that none can be left behind without a record. */
  static async create(lock: TargetLock, ref: string, file: RemoteFile): Promise<TemporaryFile> {
    await rm(lock.paths.temporary, { force: true })
    await lock.setPartial({ ref, file })
    return new TemporaryFile(lock.paths.temporary, file, await createOwn(lock.paths.temporary), 0)
  }

  /** The bytes it held when it was opened, a chunk at a time. */
  async *contents(): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(1024 * 1024)
    for (let at = 0; at < this.bytes; ) {
      const { bytesRead } = await this.handle.read(buffer, 0, Math.min(buffer.length, this.bytes - at), at)
      if (bytesRead === 0) throw new Error("the temporary file became shorter")
      yield buffer.subarray(0, bytesRead)
      at += bytesRead
    }
  }

  /** Renames it to the target. Whenever this is cut short, the target is as it was before, or complete. */
  async place(target: string, { mode, overwrite }: Placement): Promise<void> {
    if (mode !== 0o600) await this.handle.chmod(mode)
    await this.handle.sync()
    if (overwrite) await rename(this.#path, target)
    else await renameUnlessTaken(this.#path, target)
    await syncDirectory(dirname(target))
  }

  close(): Promise<void> {
    return this.handle.close()
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true })
  }
}

/** A rename replaces what has the name; a second link to the same file does not, and no other process can come in between. */
const renameUnlessTaken = async (path: string, target: string): Promise<void> => {
  const hasLinks = await link(path, target).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (withoutLinks.has(error.code ?? "")) return false
      throw error
    }
  )
  if (hasLinks) return rm(path)
  // Some file systems, such as exFAT, have no links: there the look and the rename are two steps.
  if (await isTaken(target)) throw Object.assign(new Error("the file exists"), { code: "EEXIST" })
  await rename(path, target)
}

const withoutLinks: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"])

/** Makes the new name outlast a loss of power, where a directory can be synced at all. */
const syncDirectory = async (path: string): Promise<void> => {
  const directory = await open(path, constants.O_RDONLY).catch(() => undefined)
  await directory?.sync().catch(() => {})
  await directory?.close()
}
