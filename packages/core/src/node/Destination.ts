/**
 * Where the bytes of one download go: an unfinished file, its digest, and in the end the target.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { corruptError, type OpenDownload } from "../download/Download.ts"
import type { RemoteFile } from "../download/FileAnswer.ts"
import type { Kept } from "../download/Transfer.ts"
import { DownloadError, ProblemDetailsError, ResultUnavailableError } from "../errors/Errors.ts"
import { FileHash } from "./FileHash.ts"
import { FileWriter } from "./FileWriter.ts"
import { PartialFile, type Placement } from "./PartialFile.ts"

/** What became of a file. The SHA-256 is in hexadecimal. */
export interface Finished {
  readonly bytes: number
  readonly file: RemoteFile
  readonly sha256: string
}

/** One target, for one job's result. */
export class Destination {
  readonly #ref: string
  readonly #target: string
  #part: PartialFile | undefined
  #writer: FileWriter<DownloadError> | undefined
  #hash = new FileHash(null)
  #bytes = 0
  #ownsBytes = false

  constructor(ref: string, target: string) {
    this.#ref = ref
    this.#target = target
  }

  /** How many bytes have come, those of an earlier run included. */
  get bytes(): number {
    return this.#bytes
  }

  /** What an earlier run has left. */
  readonly find: Effect.Effect<Kept | undefined, DownloadError> = Effect.suspend(() =>
    Effect.map(
      this.#attempt(() => PartialFile.find(this.#target, this.#ref)),
      (part) => {
        this.#part = part
        return part === undefined ? undefined : { bytes: part.bytes, file: part.file }
      }
    )
  )

  /** Makes ready for the bytes of a download: those that follow what is there, or all of them. */
  begin({ file, ownsBytes }: OpenDownload): Effect.Effect<void, DownloadError> {
    const part = this.#part
    this.#ownsBytes = ownsBytes
    return part === undefined ? this.startOver(file) : this.#resume(part)
  }

  /** Throws away what is there, and makes ready for all bytes of a file. */
  startOver(file: RemoteFile): Effect.Effect<void, DownloadError> {
    const create = this.#attempt(() => PartialFile.create(this.#target, this.#ref, file))
    return Effect.flatMap(Effect.andThen(this.#discard, create), (part) => this.#resume(part))
  }

  #resume(part: PartialFile): Effect.Effect<void, DownloadError> {
    this.#part = part
    if (this.#writer !== undefined) return Effect.void
    this.#writer = new FileWriter(part.handle, part.bytes, this.#failed)
    this.#hash = new FileHash(part.file.digest)
    this.#bytes = part.bytes
    return this.#attempt(async () => {
      for await (const bytes of part.kept()) this.#hash.update(bytes)
    })
  }

  write(bytes: Uint8Array): Effect.Effect<void, DownloadError> {
    this.#hash.update(bytes)
    this.#bytes += bytes.byteLength
    return this.#writer?.write(bytes, this.#ownsBytes) ?? Effect.void
  }

  /** Gives the finished file its name if it is what its server told. */
  finish(placement: Placement): Effect.Effect<Finished, DownloadError> {
    return Effect.gen({ self: this }, function* () {
      const part = this.#part
      if (part === undefined || this.#writer === undefined) return yield* Effect.die(new Error("Nothing was begun."))
      yield* this.#writer.flush
      const { isAsTold, sha256 } = this.#hash.finish()
      if (!isAsTold) return yield* corruptError(this.#ref, part.file)
      yield* Effect.uninterruptible(this.#attempt(() => part.place(placement)))
      this.#part = undefined
      return { bytes: this.#bytes, file: part.file, sha256 }
    })
  }

  /** Keeps what has come when a later run can go on with it, else leaves nothing behind. */
  leave(exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> {
    const part = this.#part
    if (part === undefined) return Effect.void
    if (part.file.validator === null || this.#bytes === 0 || isHopeless(exit)) return Effect.ignore(this.#discard)
    const flush = this.#writer?.flush ?? Effect.void
    return Effect.ignore(
      Effect.andThen(
        Effect.ignore(flush),
        this.#attempt(() => part.close())
      )
    )
  }

  readonly #discard: Effect.Effect<void, DownloadError> = Effect.suspend(() => {
    const part = this.#part
    const written = Effect.ignore(this.#writer?.flush ?? Effect.void)
    this.#part = undefined
    this.#writer = undefined
    this.#bytes = 0
    return part === undefined
      ? Effect.void
      : Effect.andThen(
          written,
          this.#attempt(() => part.remove())
        )
  })

  #attempt<A>(promise: () => Promise<A>): Effect.Effect<A, DownloadError> {
    return Effect.tryPromise({ try: promise, catch: this.#failed })
  }

  readonly #failed = (cause: unknown): DownloadError => fileError(this.#ref, this.#bytes, cause)
}

/** What the file system says. */
export const fileError = (ref: string, bytes: number, cause: unknown): DownloadError => {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  return new DownloadError({
    ref,
    reason: code === "EEXIST" ? "exists" : "file",
    issue: cause instanceof Error ? cause.message : String(cause),
    host: null,
    status: null,
    bytes,
    size: null,
    cause
  })
}

/** Whether what has come cannot become this job's result any more. */
const isHopeless = (exit: Exit.Exit<unknown, unknown>): boolean =>
  Exit.isFailure(exit) && Option.exists(Cause.findErrorOption(exit.cause), isLast)

const isLast = (error: unknown): boolean =>
  error instanceof ResultUnavailableError ||
  (error instanceof ProblemDetailsError && error.status === 404) ||
  (error instanceof DownloadError && spoiling.has(error.reason))

const spoiling: ReadonlySet<string> = new Set(["changed", "length", "digest", "too-large"])
