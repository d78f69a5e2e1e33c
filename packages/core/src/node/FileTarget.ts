/**
 * A regular file as the target of one download: locked, written beside its name, verified, and renamed at the end.
 *
 * @module
 */
import { dirname } from "node:path"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { type BytePull, corruptError } from "../download/Download.ts"
import type { RemoteFile } from "../download/FileContent.ts"
import type { PartialDownload } from "../download/Transfer.ts"
import { DownloadError, ProblemDetailsError, ResultUnavailableError } from "../errors/Errors.ts"
import { BatchWriter } from "./BatchWriter.ts"
import { busyError, existsError, fileError } from "./FileError.ts"
import { FileHash } from "./FileHash.ts"
import type { OpenTarget, Written } from "./OpenTarget.ts"
import { checkSpace, type SaveTarget } from "./SaveTarget.ts"
import { LockedError, TargetLock, touchInterval } from "./TargetLock.ts"
import { type Placement, TemporaryFile } from "./TemporaryFile.ts"
import { toFile } from "./WriteChunks.ts"

/** Opens a file as a target for as long as the scope is open: what has come is kept when a later download can resume it. */
export const open = Effect.fnUntraced(function* (
  ref: string,
  name: string,
  { isTaken, path }: Extract<SaveTarget, { readonly _tag: "File" }>,
  placement: Placement
): Effect.fn.Return<OpenTarget, DownloadError, Scope.Scope> {
  const failed = (cause: unknown) => fileError(ref, name, 0, cause)
  const lock = yield* Effect.acquireRelease(
    Effect.tryPromise({
      try: () => TargetLock.acquire(path),
      catch: (cause) => (cause instanceof LockedError ? busyError(ref, name, cause.owner) : failed(cause))
    }),
    (lock) => Effect.ignore(Effect.tryPromise(() => lock.release()))
  )
  const touch = Effect.ignore(Effect.tryPromise(() => lock.touch()))
  yield* Effect.forkScoped(Effect.repeat(Effect.delay(touch, touchInterval), Schedule.forever))
  const target = new FileTarget(ref, name, path, placement, lock)
  yield* Effect.addFinalizer((exit) => target.leave(exit))
  // What an earlier download left goes, too, when it was killed after the rename.
  yield* target.find
  return isTaken && !placement.overwrite ? yield* existsError(ref, name) : target
})

class FileTarget implements OpenTarget {
  readonly isRestartable = true
  readonly #ref: string
  readonly #name: string
  readonly #path: string
  readonly #placement: Placement
  readonly #lock: TargetLock
  #temporary: TemporaryFile | undefined
  #writer: BatchWriter<DownloadError> | undefined
  #hash = new FileHash(null)
  #bytes = 0

  constructor(ref: string, name: string, path: string, placement: Placement, lock: TargetLock) {
    this.#ref = ref
    this.#name = name
    this.#path = path
    this.#placement = placement
    this.#lock = lock
  }

  get bytes(): number {
    return this.#bytes
  }

  get partial(): PartialDownload | undefined {
    const { bytes, file } = this.#temporary ?? {}
    return bytes === undefined || file === undefined ? undefined : { bytes, file }
  }

  readonly find: Effect.Effect<void, DownloadError> = Effect.suspend(() =>
    this.#opening(() => TemporaryFile.find(this.#lock, this.#ref))
  )

  begin({ file }: BytePull): Effect.Effect<void, DownloadError> {
    const temporary = this.#temporary
    return temporary === undefined ? this.startOver(file) : this.#resume(temporary)
  }

  startOver(file: RemoteFile): Effect.Effect<void, DownloadError> {
    const create = this.#opening(() => TemporaryFile.create(this.#lock, this.#ref, file))
    return Effect.andThen(
      Effect.andThen(this.#discard, create),
      Effect.suspend(() => (this.#temporary === undefined ? Effect.void : this.#resume(this.#temporary)))
    )
  }

  write(bytes: Uint8Array, owned: boolean): Effect.Effect<void, DownloadError> {
    this.#hash.update(bytes)
    this.#bytes += bytes.byteLength
    return this.#writer?.write(bytes, owned) ?? Effect.void
  }

  readonly finish: Effect.Effect<Written, DownloadError> = Effect.suspend(() =>
    Effect.gen({ self: this }, function* () {
      const temporary = this.#temporary
      if (temporary === undefined || this.#writer === undefined) return yield* Effect.die(new Error("not begun"))
      yield* this.#writer.flush
      const { isAsAnnounced, sha256 } = this.#hash.finish()
      if (!isAsAnnounced) return yield* corruptError(this.#ref, temporary.file)
      const place = this.#attempt(async () => {
        await temporary.place(this.#path, this.#placement)
        await temporary.close()
        await this.#lock.setPartial(null)
      })
      yield* Effect.uninterruptible(place)
      this.#temporary = undefined
      return { bytes: this.#bytes, file: temporary.file, sha256 }
    })
  )

  /** Keeps what has come when a later download can resume it, else leaves nothing behind. */
  leave(exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> {
    const temporary = this.#temporary
    if (temporary === undefined) return Effect.void
    if (temporary.file.validator === null || this.#bytes === 0 || isHopeless(exit)) return Effect.ignore(this.#discard)
    return Effect.ignore(
      Effect.andThen(
        Effect.ignore(this.#flush),
        this.#attempt(() => temporary.close())
      )
    )
  }

  /** Whoever is interrupted while a file is being opened still gets its handle, and closes it. */
  #opening(promise: () => Promise<TemporaryFile | undefined>): Effect.Effect<void, DownloadError> {
    return Effect.uninterruptible(
      Effect.map(this.#attempt(promise), (temporary) => {
        this.#temporary = temporary
        this.#bytes = temporary?.bytes ?? 0
      })
    )
  }

  #resume(temporary: TemporaryFile): Effect.Effect<void, DownloadError> {
    if (this.#writer !== undefined) return Effect.void
    this.#writer = new BatchWriter(toFile(temporary.handle, temporary.bytes), this.#failed)
    this.#hash = new FileHash(temporary.file.digest)
    return this.#attempt(async () => {
      const { size } = temporary.file
      if (size !== null) await checkSpace(dirname(this.#path), size - temporary.bytes)
      for await (const bytes of temporary.contents()) this.#hash.update(bytes)
    })
  }

  get #flush(): Effect.Effect<void, DownloadError> {
    return this.#writer?.flush ?? Effect.void
  }

  readonly #discard: Effect.Effect<void, DownloadError> = Effect.suspend(() => {
    const temporary = this.#temporary
    const written = Effect.ignore(this.#flush)
    this.#temporary = undefined
    this.#writer = undefined
    this.#bytes = 0
    if (temporary === undefined) return Effect.void
    const remove = this.#attempt(async () => {
      await temporary.close()
      await temporary.remove()
      await this.#lock.setPartial(null)
    })
    return Effect.uninterruptible(Effect.andThen(written, remove))
  })

  #attempt<A>(promise: () => Promise<A>): Effect.Effect<A, DownloadError> {
    return Effect.tryPromise({ try: promise, catch: this.#failed })
  }

  readonly #failed = (cause: unknown): DownloadError =>
    cause instanceof Error && "code" in cause && cause.code === "EEXIST"
      ? existsError(this.#ref, this.#name, this.#bytes)
      : fileError(this.#ref, this.#name, this.#bytes, cause)
}

/** Whether what has come cannot become this job's result any more. */
const isHopeless = (exit: Exit.Exit<unknown, unknown>): boolean =>
  Exit.isFailure(exit) && Option.exists(Cause.findErrorOption(exit.cause), isFinal)

const isFinal = (error: unknown): boolean =>
  error instanceof ResultUnavailableError ||
  (error instanceof ProblemDetailsError && error.status === 404) ||
  (error instanceof DownloadError && spoiling.has(error.reason))

const spoiling: ReadonlySet<string> = new Set(["changed", "length", "digest", "encoding", "too-large"])
