/**
 * A device, a pipe, a descriptor or a Node stream as the target of one download: bytes are written as they come, and never again.
 *
 * @module
 */
import { close, constants, open as openFile, WriteStream } from "node:fs"
import { Socket } from "node:net"
import type { Writable } from "node:stream"
import { promisify } from "node:util"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { type BytePull, corruptError } from "../download/Download.ts"
import type { RemoteFile } from "../download/FileContent.ts"
import { DownloadError } from "../errors/Errors.ts"
import { BatchWriter, type WriteChunks } from "./BatchWriter.ts"
import { handedOut } from "./BufferGarbage.ts"
import { fileError } from "./FileError.ts"
import { FileHash } from "./FileHash.ts"
import type { OpenTarget, Written } from "./OpenTarget.ts"
import type { SaveTarget } from "./SaveTarget.ts"
import { toDescriptor, toStream } from "./WriteChunks.ts"

/** A Node stream as a target. It is left open at the end. Its errors are those of the download for as long as the scope is open. */
export const ofStream = Effect.fnUntraced(function* (
  ref: string,
  stream: Writable
): Effect.fn.Return<OpenTarget, never, Scope.Scope> {
  // The write that failed reports it; without a listener the process would end.
  const ignore = () => {}
  yield* Effect.acquireRelease(
    Effect.sync(() => stream.on("error", ignore)),
    () => Effect.sync(() => stream.off("error", ignore))
  )
  return new StreamTarget(ref, "the stream", toStream(stream), isLast(stream))
})

/** Whether a stream hands its bytes to the operating system, not to other code that may keep them. */
const isLast = (stream: Writable): boolean =>
  stream === process.stdout ||
  stream === process.stderr ||
  Object.getPrototypeOf(stream) === WriteStream.prototype ||
  Object.getPrototypeOf(stream) === Socket.prototype

/** An open descriptor of this process as a target. It is left open at the end. */
export const ofDescriptor = (ref: string, name: string, fd: number): OpenTarget =>
  fd === 1 || fd === 2
    ? new StreamTarget(ref, name, toStream(fd === 1 ? process.stdout : process.stderr), true)
    : new StreamTarget(ref, name, toDescriptor(fd), true)

/** A device or a pipe as a target, open for as long as the scope is. A pipe is opened once it has a reader, which is waited
 * for 10 seconds. */
export const open = Effect.fnUntraced(function* (
  ref: string,
  name: string,
  { isPipe, path }: Extract<SaveTarget, { readonly _tag: "Special" }>
): Effect.fn.Return<OpenTarget, DownloadError, Scope.Scope> {
  const opening = Effect.tryPromise({
    try: () => promisify(openFile)(path, isPipe ? constants.O_WRONLY | constants.O_NONBLOCK : constants.O_WRONLY),
    catch: (cause) => fileError(ref, name, 0, cause)
  })
  if (!isPipe) {
    const fd = yield* Effect.acquireRelease(opening, closing)
    return new StreamTarget(ref, name, toDescriptor(fd), true)
  }
  const once = Effect.acquireRelease(
    Effect.map(opening, (fd) => new Socket({ fd, readable: false, writable: true })),
    (socket) => Effect.sync(() => socket.destroy())
  )
  const withReader = Effect.retry(once, { while: hasNoReader, schedule: Schedule.spaced("50 millis") })
  const socket = yield* Effect.timeoutOrElse(withReader, {
    duration: readerTimeout,
    orElse: () => Effect.fail(fileError(ref, name, 0, new Error("no process reads the pipe")))
  })
  socket.on("error", () => {})
  return new StreamTarget(ref, name, toStream(socket), true)
})

/** How long to wait for a process to read a pipe. */
const readerTimeout = "10 seconds"

const closing = (fd: number) => Effect.ignore(Effect.tryPromise(() => promisify(close)(fd)))

const hasNoReader = ({ cause }: DownloadError) => cause instanceof Error && "code" in cause && cause.code === "ENXIO"

class StreamTarget implements OpenTarget {
  readonly partial = undefined
  readonly isRestartable = false
  readonly #ref: string
  readonly #name: string
  readonly #writer: BatchWriter<DownloadError>
  /** Whether memory may be freed once it is written: a stream of the application's own may pass it on. */
  readonly #frees: boolean
  #hash = new FileHash(null)
  #file: RemoteFile | undefined
  #bytes = 0

  constructor(ref: string, name: string, write: WriteChunks, frees: boolean) {
    this.#ref = ref
    this.#name = name
    this.#writer = new BatchWriter(write, (cause) => fileError(ref, this.#name, this.#bytes, cause))
    this.#frees = frees
  }

  get bytes(): number {
    return this.#bytes
  }

  begin({ file }: BytePull): Effect.Effect<void> {
    return Effect.sync(() => this.#begin(file))
  }

  startOver(file: RemoteFile): Effect.Effect<void, DownloadError> {
    return Effect.suspend(() => {
      if (this.#bytes === 0) return Effect.sync(() => this.#begin(file))
      const issue = "it has to come again from its first byte, and bytes of it have been written already"
      const place = { ref: this.#ref, host: null, status: null, bytes: this.#bytes, size: file.size, cause: null }
      return Effect.fail(new DownloadError({ ...place, reason: "changed", issue }))
    })
  }

  write(bytes: Uint8Array, owned: boolean): Effect.Effect<void, DownloadError> {
    this.#hash.update(bytes)
    this.#bytes += bytes.byteLength
    if (owned && !this.#frees) handedOut(bytes.byteLength)
    return this.#writer.write(bytes, owned && this.#frees)
  }

  readonly finish: Effect.Effect<Written, DownloadError> = Effect.suspend(() =>
    Effect.flatMap(this.#writer.flush, () => {
      const file = this.#file
      if (file === undefined) return Effect.die(new Error("not begun"))
      const { isAsAnnounced, sha256 } = this.#hash.finish()
      return isAsAnnounced
        ? Effect.succeed({ bytes: this.#bytes, file, sha256 })
        : Effect.fail(corruptError(this.#ref, file))
    })
  )

  #begin(file: RemoteFile): void {
    this.#file = file
    this.#hash = new FileHash(file.digest)
  }
}
