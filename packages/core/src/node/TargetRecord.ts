/**
 * The record beside a target: who is writing to it, and what can be resumed. It holds no link and no credential.
 *
 * @module
 */
import { createHash } from "node:crypto"
import { constants } from "node:fs"
import { rm } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { RemoteFile } from "../download/FileContent.ts"
import { openOwn } from "./OwnFile.ts"
import { ProcessIdentity } from "./ProcessIdentity.ts"

/** The process that downloads to a target, with a token of its own for each download. */
export const Owner = Schema.Struct({ ...ProcessIdentity.fields, token: Schema.String })
export type Owner = typeof Owner.Type

/** What is recorded about a target. */
export const TargetRecord = Schema.Struct({
  version: Schema.Literal(2),
  /** The name of the target, in the same directory. */
  target: Schema.String,
  /** Null while no download is running. */
  owner: Schema.NullOr(Owner),
  /** The job and the file that the temporary file is part of; null when there is no temporary file. */
  partial: Schema.NullOr(Schema.Struct({ ref: Schema.String, file: RemoteFile }))
})
export type TargetRecord = typeof TargetRecord.Type

/** The files beside a target. */
export interface SidecarPaths {
  /** The bytes that have come. */
  readonly temporary: string
  readonly record: string
  /** The next record, while it replaces the last. */
  readonly nextRecord: string
}

/** Their names are 31 bytes long whatever the target's is, so they fit wherever it does. */
export const sidecarPaths = (target: string): SidecarPaths => {
  const hash = createHash("sha256").update(basename(target)).digest("base64url").slice(0, 16)
  const path = (extension: string) => join(dirname(target), `.ttd-jobs-${hash}.${extension}`)
  return { temporary: path("part"), record: path("json"), nextRecord: path("next") }
}

/** A record as it was found; `undefined` for one that is empty or cut off, as while it is being written. */
export interface FoundRecord {
  readonly record: TargetRecord | undefined
  /** When it was last written or touched, in milliseconds since the epoch. */
  readonly modifiedAt: number
}

/** Reads a record; undefined when there is none. What others could have written is removed. */
export const readRecord = async (path: string): Promise<FoundRecord | undefined> => {
  const handle = await openOwn(path, constants.O_RDONLY)
  if (handle === undefined) {
    await rm(path, { force: true })
    return undefined
  }
  try {
    const { mtimeMs } = await handle.stat()
    const record = Option.getOrUndefined(decode(await handle.readFile("utf8")))
    return { record, modifiedAt: mtimeMs }
  } finally {
    await handle.close()
  }
}

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(TargetRecord))
