/**
 * Job status for The Trade Desk's Workflows API, with promises: nothing of Effect has to be known to use it.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Pull from "effect/Pull"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import { withInternals } from "./client/ClientInternals.ts"
import { type CallOptions as EffectCallOptions, type JobStatusOptions, settingsOf } from "./client/ClientOptions.ts"
import type { RawResponse } from "./client/RawResponse.ts"
import type { Server } from "./client/Server.ts"
import { make } from "./client/Service.ts"
import { byteStreamOf } from "./download/ByteStream.ts"
import type { DownloadEvent, DownloadOptions as EffectDownloadOptions } from "./download/DownloadOptions.ts"
import type { DownloadInput, SnapshotInput } from "./download/DownloadSource.ts"
import type { LinkPolicy } from "./download/FileClient.ts"
import type { RemoteFile } from "./download/FileContent.ts"
import type { PartialDownload } from "./download/Transfer.ts"
import type { TokenInput, TokenProvider } from "./http/Credential.ts"
import type { FetchFunction, KyOption } from "./http/KyRequest.ts"
import type { GraphQlJob, GraphQlJobRetrievalResponse, StandardJobStatusResponse } from "./http/Responses.ts"
import type { JobKind } from "./JobKind.ts"
import type { JobIdInput, JobRefInput } from "./JobRef.ts"
import type { JobPhase, JobResult, JobSnapshot } from "./JobSnapshot.ts"
import type { WaitEvent } from "./tracking/JobEvent.ts"
import type { PollPolicyOptions } from "./tracking/PollSchedule.ts"
import type { WaitOptions as EffectWaitOptions } from "./tracking/WaitOptions.ts"

export * as RetryPolicy from "./client/RetryPolicy.ts"
export * from "./errors/Errors.ts"
export { JobRef } from "./JobRef.ts"
export { JobSnapshot } from "./JobSnapshot.ts"
export { makeLimiter } from "./limiter/AccountLimiter.ts"
export { maxPause } from "./limiter/Pause.ts"
export { isFailed, isTerminal } from "./model/index.ts"
export { ResumePoint } from "./tracking/ResumePoint.ts"
export type {
  DownloadEvent,
  DownloadInput,
  FetchFunction,
  GraphQlJob,
  GraphQlJobRetrievalResponse,
  JobIdInput,
  JobKind,
  JobPhase,
  JobRefInput,
  JobResult,
  JobStatusOptions,
  KyOption,
  LinkPolicy,
  PartialDownload,
  PollPolicyOptions,
  RawResponse,
  RemoteFile,
  Server,
  SnapshotInput,
  StandardJobStatusResponse,
  TokenInput,
  TokenProvider,
  WaitEvent
}

/** What one call may set: `retry` as in the client's options, and a `signal` that ends it at once. */
export interface CallOptions extends EffectCallOptions {
  /** Ends the call at once when it is aborted, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** What a wait may set, and a `signal` that ends it at once. */
export interface WaitOptions extends EffectWaitOptions {
  /** Ends the wait at once when it is aborted, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** What a download may set, and a `signal` that ends it at once. */
export interface DownloadOptions extends EffectDownloadOptions {
  /** Ends the download at once when it is aborted, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** The options of `openDownload`. */
export interface OpenDownloadOptions extends DownloadOptions {
  /** The bytes that are there already, to be resumed when the server proves that the file is still the same. Default: none. */
  readonly partial?: PartialDownload | undefined
  /**
   * Discards the bytes that are there, because the file comes from its first byte: it has changed, or cannot be resumed. Default: a download
   * that cannot be resumed rejects with a `DownloadError` (`changed` or `interrupted`).
   */
  readonly startOver?: ((file: RemoteFile) => void | Promise<void>) | undefined
}

/** An open download. Reading `bytes` to its end, cancelling it, and disposal close the connection. */
export interface OpenDownload extends AsyncDisposable {
  /** What the server says about the file, to be stored beside the bytes for a later `partial`. */
  readonly file: RemoteFile
  /** Where in the file the first byte belongs: 0, or the end of `partial`. */
  readonly offset: number
  /** The bytes. `file.digest` covers the whole file and is left to the caller, who has all of it. */
  readonly bytes: ReadableStream<Uint8Array>
}

/**
 * A client of promises. Every call rejects with one of the tagged errors, a real `Error` with a `_tag`; an aborted call rejects
 * with its signal's reason, and sends nothing when it was aborted before.
 */
export interface JobStatusClient extends AsyncDisposable {
  /** `GET /standardjob/{id}/status`: the full answer. */
  readonly getJobStatus: (id: JobIdInput, options?: CallOptions) => Promise<StandardJobStatusResponse>
  /** `GET /graphqlqueryjob/{id}`: the full answer. Upstream's successor is `getGraphQlBulkJobStatus`. */
  readonly getGraphQlQueryJobStatus: (id: JobIdInput, options?: CallOptions) => Promise<GraphQlJobRetrievalResponse>
  /** `GET /graphqlbulkjob/{id}`: the full answer. */
  readonly getGraphQlBulkJobStatus: (id: JobIdInput, options?: CallOptions) => Promise<GraphQlJobRetrievalResponse>
  /** Where any job stands. A GraphQL answer without a job is an `ApiError` whose body is the server's error text. */
  readonly get: (ref: JobRefInput, options?: CallOptions) => Promise<JobSnapshot>
  /**
   * Upstream's own response, for a gateway: status, headers and bytes, and the snapshot that they hold. A response with any other status
   * is a value, too, with the error that `get` rejects with; this rejects only where there is no response.
   */
  readonly getRaw: (ref: JobRefInput, options?: CallOptions) => Promise<RawResponse>
  /**
   * Waits until a job has ended. Trouble that may pass (5XX, 408, 425, 429, connection, timeout, an answer that is empty or cannot be
   * read) is ridden out and told to `onProgress`; other refusals reject at once, `Failure` and `Cancelled` with `JobFailedError`, a
   * deadline that passed with `WaitTimeoutError`.
   */
  readonly wait: (ref: JobRefInput, options?: WaitOptions) => Promise<JobSnapshot>
  /**
   * Waits for many jobs under one deadline; outcomes come in the order asked, and one never disturbs another. It rejects when it is
   * aborted, or a reference or an option cannot be used, but never for what became of a job.
   */
  readonly waitAll: (
    refs: Iterable<JobRefInput>,
    options?: WaitOptions
  ) => Promise<ReadonlyArray<PromiseSettledResult<JobSnapshot>>>
  /**
   * A job's changes, the terminal snapshot last; a failed job is an element like any other. A loop body that takes its time slows the
   * polling down, and leaving the loop ends it.
   */
  readonly watch: (ref: JobRefInput, options?: WaitOptions) => AsyncIterable<JobSnapshot>
  /**
   * A job's result as bytes, whether it is inline or behind a link: for `for await`, `new Response(…)` or `pipeTo`. Nothing is requested
   * before it is read. Reading rejects with `ResultUnavailableError` when there is no result, and with `DownloadError` when it cannot be
   * downloaded completely. A snapshot saves the first status call. To save a file there is `@ttd-jobs/core/node`.
   */
  readonly download: (input: DownloadInput, options?: DownloadOptions) => ReadableStream<Uint8Array>
  /**
   * A job's result for a caller that keeps the bytes and can resume them later, such as an archive in an object storage: what the server
   * says about the file is known before its first byte is taken.
   */
  readonly openDownload: (input: DownloadInput, options?: OpenDownloadOptions) => Promise<OpenDownload>
  /** Ends every call that is under way, which then rejects with an `AbortError`. */
  readonly close: () => Promise<void>
}

/**
 * Makes a client. Throws `InvalidSettingError` at once when an option cannot be used.
 *
 * @example
 * ```ts
 * import { createClient } from "@ttd-jobs/core/promise"
 *
 * await using client = createClient({
 *   server: process.env["WORKFLOWS_SERVER"] ?? "prod",
 *   token: process.env["WORKFLOWS_TTD_AUTH"] ?? ""
 * })
 * const job = await client.get("standard:412651")
 * console.log(job.phase, job.completionPercentage)
 * ```
 */
export const createClient = (options: JobStatusOptions = {}): JobStatusClient => {
  const scope = Scope.makeUnsafe()
  const settings = Result.getOrThrow(settingsOf(options))
  const { client, download, open, tracker, waiting } = Effect.runSync(Scope.provide(make(settings), scope))
  const running = new Set<Fiber.Fiber<unknown, unknown>>()
  let closed = false

  const run = async <A, E>(effect: Effect.Effect<A, E>, signal: AbortSignal | undefined): Promise<A> => {
    signal?.throwIfAborted()
    if (closed) throw aborted()
    const fiber = Effect.runFork(effect, { signal })
    running.add(fiber)
    const exit = await new Promise<Exit.Exit<A, E>>((resolve) => fiber.addObserver(resolve))
    running.delete(fiber)
    if (Exit.isSuccess(exit)) return exit.value
    if (Cause.hasInterruptsOnly(exit.cause)) throw signal?.aborted ? signal.reason : aborted()
    throw Cause.squash(exit.cause)
  }

  /** Takes what a pull brings until it ends, the signal is aborted, or the taker has left. */
  async function* iterate<A, E, E2>(
    taking: Effect.Effect<Pull.Pull<A, E>, E2, Scope.Scope>,
    left: AbortSignal,
    signal?: AbortSignal,
    own = Scope.forkUnsafe(scope)
  ): AsyncGenerator<A, void> {
    const until = signal === undefined ? left : AbortSignal.any([signal, left])
    try {
      const next = Pull.catchDone(await run(Scope.provide(taking, own), until), () => Effect.undefined)
      while (true) {
        const value = await run(next, until)
        if (value === undefined) return
        yield value
      }
    } catch (error) {
      if (!left.aborted) throw error
    } finally {
      await Effect.runPromise(Scope.close(own, Exit.void))
    }
  }

  const watch = (ref: JobRefInput, { signal, ...options }: WaitOptions = {}): AsyncIterable<JobSnapshot> => ({
    [Symbol.asyncIterator]: () => {
      const leaving = new AbortController()
      const taking = Effect.flatMap(waiting, ({ changes }) => changes(ref, options))
      const changes = iterate(taking, leaving.signal, signal)
      return {
        next: () => changes.next(),
        // A generator would keep who leaves waiting until the next change.
        return: () => {
          leaving.abort()
          return changes.return()
        }
      }
    }
  })

  const openDownload: JobStatusClient["openDownload"] = async (input, options = {}) => {
    const { partial, signal, startOver, ...others } = options
    const own = Scope.forkUnsafe(scope)
    const close = () => Effect.runPromise(Scope.close(own, Exit.void))
    const opening = open(input, others, {
      partial,
      startOver: startOver && ((file) => Effect.promise(async () => startOver(file)))
    })
    const { file, offset, pull } = await run(Scope.provide(opening, own), signal).catch(async (error) => {
      await close()
      throw error
    })
    const bytes = byteStreamOf((left) => iterate(Effect.succeed(pull), left, undefined, own), signal)
    return { file, offset, bytes, [Symbol.asyncDispose]: close }
  }

  const close = async () => {
    closed = true
    await Effect.runPromise(Effect.andThen(Fiber.interruptAll(running), Scope.close(scope, Exit.void)))
  }

  const made: JobStatusClient = {
    getJobStatus: (id, options) => run(client.getJobStatus(id, options), options?.signal),
    getGraphQlQueryJobStatus: (id, options) => run(client.getGraphQlQueryJobStatus(id, options), options?.signal),
    getGraphQlBulkJobStatus: (id, options) => run(client.getGraphQlBulkJobStatus(id, options), options?.signal),
    get: (ref, options) => run(client.get(ref, options), options?.signal),
    getRaw: (ref, options) => run(client.getRaw(ref, options), options?.signal),
    wait: (ref, options) =>
      run(
        Effect.flatMap(waiting, ({ wait }) => wait(ref, options)),
        options?.signal
      ),
    waitAll: async (refs, options) => {
      const outcomes = await run(
        Effect.flatMap(waiting, ({ waitAll }) => waitAll(refs, options)),
        options?.signal
      )
      return outcomes.map(settledOf)
    },
    watch,
    download: (input, { signal, ...options } = {}) => {
      const bytes = Effect.flatMap(download, ({ bytes }) => bytes(input, options))
      return byteStreamOf((left) => iterate(bytes, left), signal)
    },
    openDownload,
    close,
    [Symbol.asyncDispose]: close
  }
  return withInternals(made, { open, tracker, run })
}

const settledOf = <A, E>(outcome: Result.Result<A, E>): PromiseSettledResult<A> =>
  Result.isSuccess(outcome)
    ? { status: "fulfilled", value: outcome.success }
    : { status: "rejected", reason: outcome.failure }

const aborted = () => new DOMException("The client is closed.", "AbortError")
