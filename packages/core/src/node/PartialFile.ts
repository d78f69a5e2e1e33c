/**
 * An unfinished file beside its target: at most one for each, found again by a later run, and given the target's name once it is
 * whole.
 *
 * @module
 */
import { constants } from "node:fs"
import { type FileHandle, link, open, rename, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { RemoteFile } from "../download/FileAnswer.ts"
import { isTaken, newPartName, openOwn, readRecord, removeRecord, writeRecord } from "./PartRecord.ts"

/** How a finished file gets its name. */
export interface Placement {
  /** Whether a file that has the name already is replaced. */
  readonly overwrite: boolean
  readonly mode: number
}

/**
 * An unfinished file, open. All bytes in it are of the one file that its record describes, each at its own place, so that even two
 * processes that write to it at once write the same.
 */
export class PartialFile {
  readonly target: string
  readonly file: RemoteFile
  /** How many bytes it held when it was opened. */
  readonly bytes: number
  readonly handle: FileHandle
  readonly #part: string

  private constructor(target: string, part: string, file: RemoteFile, handle: FileHandle, bytes: number) {
    this.target = target
    this.file = file
    this.handle = handle
    this.bytes = bytes
    this.#part = part
  }

  /** What an earlier run has left for a target, if this job's result can go on from it. What is of no use is removed. */
  static async find(target: string, ref: string): Promise<PartialFile | undefined> {
    const record = await readRecord(target)
    if (record === undefined) {
      await removeRecord(target, "")
      return undefined
    }
    const path = join(dirname(target), record.part)
    const handle = await openOwn(path, constants.O_RDWR)
    const bytes = handle === undefined ? 0 : (await handle.stat()).size
    const isUseful = record.ref === ref && record.file.validator !== null && bytes <= (record.file.size ?? bytes)
    if (handle !== undefined && isUseful && bytes > 0) {
      return new PartialFile(target, record.part, record.file, handle, bytes)
    }
    await handle?.close()
    await removeBoth(target, record.part)
    return undefined
  }

  /** A new one. Its record is written first, so that none can be left behind without one. */
  static async create(target: string, ref: string, file: RemoteFile): Promise<PartialFile> {
    const part = newPartName(target)
    await writeRecord(target, { version: 1, ref, part, file })
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
    const handle = await open(join(dirname(target), part), flags, 0o600)
    return new PartialFile(target, part, file, handle, 0)
  }

  /** The bytes it held when it was opened, a portion at a time. */
  async *kept(): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(1024 * 1024)
    for (let at = 0; at < this.bytes; ) {
      const { bytesRead } = await this.handle.read(buffer, 0, Math.min(buffer.length, this.bytes - at), at)
      if (bytesRead === 0) throw new Error("The unfinished file became shorter.")
      yield buffer.subarray(0, bytesRead)
      at += bytesRead
    }
  }

  /** Gives it the target's name. Whenever this is cut short, the target is as it was before, or complete. */
  async place({ mode, overwrite }: Placement): Promise<void> {
    if (mode !== 0o600) await this.handle.chmod(mode)
    await this.handle.sync()
    await this.handle.close()
    const path = join(dirname(this.target), this.#part)
    if (overwrite) await rename(path, this.target)
    else await renameUnlessTaken(path, this.target)
    await syncDirectory(dirname(this.target))
    await removeRecord(this.target, this.#part)
  }

  close(): Promise<void> {
    return this.handle.close()
  }

  async remove(): Promise<void> {
    await this.handle.close()
    await removeBoth(this.target, this.#part)
  }
}

/** The record goes last: it is what tells of the other. */
const removeBoth = async (target: string, part: string) => {
  await rm(join(dirname(target), part), { force: true })
  await removeRecord(target, part)
}

/** A rename replaces what has the name; a second link to the same file does not, and nobody can come in between. */
const renameUnlessTaken = async (path: string, target: string): Promise<void> => {
  const hasLinks = await link(path, target).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (withoutLinks.has(error.code ?? "")) return false
      throw error
    }
  )
  if (hasLinks) return rm(path)
  // Some file systems, such as exFAT, have no links: there the question and the answer to it are two steps.
  if (await isTaken(target)) throw Object.assign(new Error(`${target} exists`), { code: "EEXIST" })
  await rename(path, target)
}

const withoutLinks: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"])

/** Makes the new name last over a loss of power, where a directory can be synced at all. */
const syncDirectory = async (path: string): Promise<void> => {
  const directory = await open(path, constants.O_RDONLY).catch(() => undefined)
  await directory?.sync().catch(() => {})
  await directory?.close()
}
