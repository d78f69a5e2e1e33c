/**
 * What is written down about an unfinished file, so that a later run finds it and goes on with it. It holds no link and no
 * credential.
 *
 * @module
 */
import { randomBytes } from "node:crypto"
import { constants } from "node:fs"
import { type FileHandle, lstat, open, rm, writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { RemoteFile } from "../download/FileAnswer.ts"

/** What is written down: whose result it is, what its server tells of it, and which file holds what has come. */
export const PartRecord = Schema.Struct({
  version: Schema.Literal(1),
  /** The job, such as `standard:412651`. */
  ref: Schema.String,
  /** The name of the unfinished file, in the same directory. */
  part: Schema.String,
  file: RemoteFile
})
export type PartRecord = typeof PartRecord.Type

/** Where the record of a target is. */
const recordPath = (target: string): string => join(dirname(target), `.${basename(target)}.resume.json`)

/** A name for an unfinished file that nobody can guess, so that nothing can be waiting under it. */
export const newPartName = (target: string): string =>
  `.${basename(target)}.${randomBytes(12).toString("base64url")}.part`

/** Reads the record of a target; undefined when there is none that can be trusted. */
export const readRecord = async (target: string): Promise<PartRecord | undefined> => {
  const handle = await openOwn(recordPath(target), constants.O_RDONLY)
  if (handle === undefined) return undefined
  const text = await handle.readFile("utf8").finally(() => handle.close())
  const record = Option.getOrUndefined(decode(text))
  return record !== undefined && isPartName(target, record.part) ? record : undefined
}

/** Writes the record of a target anew. Cut short it is no JSON, and then there is no unfinished file yet. */
export const writeRecord = async (target: string, record: PartRecord): Promise<void> => {
  const path = recordPath(target)
  await rm(path, { force: true })
  await writeFile(path, `${JSON.stringify(record)}\n`, { flag: "wx", mode: 0o600 })
}

/** Removes the record of a target, unless it tells of another unfinished file by now. */
export const removeRecord = async (target: string, part: string): Promise<void> => {
  const record = await readRecord(target)
  if (record === undefined || record.part === part) await rm(recordPath(target), { force: true })
}

/** Opens a plain file that nobody else could have put there or changed; undefined when it is none. */
export const openOwn = async (path: string, flags: number): Promise<FileHandle | undefined> => {
  const handle = await open(path, flags | (constants.O_NOFOLLOW ?? 0)).catch(() => undefined)
  if (handle === undefined) return undefined
  const stat = await handle.stat()
  const isOwn = process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0)
  if (stat.isFile() && stat.nlink === 1 && isOwn) return handle
  await handle.close()
  return undefined
}

/** Whether anything, also a link that leads nowhere, has this name. */
export const isTaken = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false
      throw error
    }
  )

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(PartRecord))

const isPartName = (target: string, name: string): boolean => {
  const start = `.${basename(target)}.`
  return name.startsWith(start) && /^[\w-]{16}\.part$/.test(name.slice(start.length))
}
