/**
 * Lock on a download's target across processes: the record beside it names the process that holds it. The lock of a process that is not
 * running any more is taken over. It works on local file systems; on network file systems a lock counts as held while it is touched.
 *
 * @module
 */
import { randomBytes } from "node:crypto"
import { rename, rm, utimes } from "node:fs/promises"
import { basename } from "node:path"
import { setTimeout } from "node:timers/promises"
import { createOwn } from "./OwnFile.ts"
import * as ProcessIdentity from "./ProcessIdentity.ts"
import {
  type FoundRecord,
  type Owner,
  readRecord,
  type SidecarPaths,
  sidecarPaths,
  type TargetRecord
} from "./TargetRecord.ts"

/** How often a held lock is touched, in milliseconds. */
export const touchInterval = 20_000

/** After how long without a touch a lock of another machine counts as abandoned, in milliseconds. */
const abandonedAfter = 3 * touchInterval

/** How long writing a record may take before it counts as cut off, in milliseconds. */
const writingTime = 1000

/** How soon a lock is tried again that another process is just taking, in milliseconds. */
const retryInterval = 20

/** Somebody else holds the lock. */
export class LockedError extends Error {
  readonly owner: Owner

  constructor(owner: Owner) {
    super(`process ${owner.pid} holds the lock`)
    this.owner = owner
  }
}

/** The running process that downloads to a target; undefined when there is none. */
export const holderOfTarget = async (target: string): Promise<Owner | undefined> => {
  const found = await readRecord(sidecarPaths(target).record)
  return found === undefined ? undefined : holderOf(found)
}

/** A lock that is held. */
export class TargetLock {
  readonly paths: SidecarPaths
  readonly #target: string
  readonly #owner: Owner
  #partial: TargetRecord["partial"]

  private constructor(target: string, owner: Owner, partial: TargetRecord["partial"]) {
    this.paths = sidecarPaths(target)
    this.#target = target
    this.#owner = owner
    this.#partial = partial
  }

  /** Takes the lock; rejects with `LockedError` when a running process holds it. */
  static async acquire(target: string): Promise<TargetLock> {
    const { record: path, ...paths } = sidecarPaths(target)
    const owner = { ...(await ProcessIdentity.current()), token: randomBytes(12).toString("base64url") }
    while (true) {
      if (await create(path, recordOf(target, owner, null))) return new TargetLock(target, owner, null)
      const found = await readRecord(path)
      if (found === undefined) continue
      if (found.record?.owner?.token === owner.token) return new TargetLock(target, owner, found.record.partial)
      const holder = await holderOf(found)
      if (holder !== undefined) throw new LockedError(holder)
      const partial = found.record?.partial ?? null
      const isTaken = await replace({ record: path, ...paths }, recordOf(target, owner, partial), isFree)
      if (!isTaken) await setTimeout(retryInterval)
    }
  }

  /** What an earlier download left to be resumed. */
  get partial(): TargetRecord["partial"] {
    return this.#partial
  }

  /** Records what the temporary file is part of, before its first byte is written. */
  async setPartial(partial: TargetRecord["partial"]): Promise<void> {
    this.#partial = partial
    await this.#write(recordOf(this.#target, this.#owner, partial))
  }

  /** Shows other machines that this process is still running. */
  async touch(): Promise<void> {
    const now = new Date()
    await utimes(this.paths.record, now, now)
  }

  /** Gives the lock back. The record stays as long as there is something to resume. */
  async release(): Promise<void> {
    if (this.#partial === null) await rm(this.paths.record, { force: true })
    else await this.#write(recordOf(this.#target, null, this.#partial))
  }

  async #write(record: TargetRecord): Promise<void> {
    const isMine = (found: FoundRecord | undefined) => found?.record?.owner?.token === this.#owner.token
    while (!(await replace(this.paths, record, (found) => found === undefined || isMine(found)))) {
      const owner = (await readRecord(this.paths.record))?.record?.owner ?? undefined
      if (owner !== undefined && owner.token !== this.#owner.token) throw new LockedError(owner)
      await setTimeout(retryInterval)
    }
  }
}

const recordOf = (target: string, owner: Owner | null, partial: TargetRecord["partial"]): TargetRecord => ({
  version: 2,
  target: basename(target),
  owner,
  partial
})

/** The running process that holds a lock. */
const holderOf = async ({ modifiedAt, record }: FoundRecord): Promise<Owner | undefined> => {
  const owner = record?.owner ?? undefined
  if (owner === undefined) return undefined
  const holds = (await ProcessIdentity.isRunning(owner)) ?? Date.now() - modifiedAt < abandonedAfter
  return holds ? owner : undefined
}

/** Whether a lock can be taken over. */
const isFree = async (found: FoundRecord | undefined): Promise<boolean> => {
  if (found === undefined) return false
  // A record that cannot be read may be in the middle of being written.
  return found.record === undefined ? isOld(found) : (await holderOf(found)) === undefined
}

const isOld = ({ modifiedAt }: FoundRecord) => Date.now() - modifiedAt > writingTime

/** Creates a file with a record, unless there is one. */
const create = async (path: string, record: TargetRecord): Promise<boolean> => {
  const handle = await createOwn(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") return undefined
    throw error
  })
  if (handle === undefined) return false
  await handle.writeFile(`${JSON.stringify(record)}\n`).finally(() => handle.close())
  return true
}

/**
 * Replaces a record, when the one that is there may be: false when it may not, or somebody else is at it. Only who has created the next
 * record may replace the last one, so no other process comes in between.
 */
const replace = async (
  { nextRecord, record: path }: SidecarPaths,
  record: TargetRecord,
  mayReplace: (found: FoundRecord | undefined) => boolean | Promise<boolean>
): Promise<boolean> => {
  if (!(await create(nextRecord, record))) {
    // Its process may have been killed.
    const left = await readRecord(nextRecord)
    const isLeft = left !== undefined && (left.record?.owner ? await isFree(left) : isOld(left))
    if (isLeft) await rm(nextRecord, { force: true })
    return false
  }
  if (!(await mayReplace(await readRecord(path)))) {
    await rm(nextRecord, { force: true })
    return false
  }
  return rename(nextRecord, path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false
      throw error
    }
  )
}
