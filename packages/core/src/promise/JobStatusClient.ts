/**
 * The client of promises: its methods and their options.
 *
 * @module
 */
import type { CallOptions as EffectCallOptions } from "../client/ClientOptions.ts"
import type { RawResponse as EffectRawResponse } from "../client/RawResponse.ts"
import type { DownloadOptions as EffectDownloadOptions } from "../download/DownloadOptions.ts"
import type { DownloadInput } from "../download/DownloadSource.ts"
import type { RemoteFile } from "../download/FileContent.ts"
import type { PartialDownload } from "../download/Transfer.ts"
import type { JobIdInput, JobRefInput } from "../JobRef.ts"
import type { WaitOptions as EffectWaitOptions } from "../tracking/WaitOptions.ts"
import type { DownloadEvent, WaitEvent } from "./Events.ts"
import type { GraphQlJobRetrievalResponse, StandardJobStatusResponse } from "./Responses.ts"
import type { JobSnapshot } from "./Snapshot.ts"

/** Upstream's own response beside what it means, for a gateway. */
export interface RawResponse extends Omit<EffectRawResponse, "snapshot"> {
  /** The snapshot that it holds; null when it holds none. */
  readonly snapshot: JobSnapshot | null
}

/** Options of one call. */
export interface CallOptions extends EffectCallOptions {
  /** Ends the call at once when it is aborted, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Options of a wait. */
export interface WaitOptions extends Omit<EffectWaitOptions, "onProgress"> {
  /** Called with each event, between polls, so it should return quickly; what it throws ends the wait. */
  readonly onProgress?: ((event: WaitEvent) => void) | undefined
  /** Ends the wait at once when it is aborted, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Options of a download. */
export interface DownloadOptions extends Omit<EffectDownloadOptions, "onProgress"> {
  /** Called with each event, between bytes, so it should return quickly; what it throws ends the download. */
  readonly onProgress?: ((event: DownloadEvent) => void) | undefined
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
  /** `GET /standardjob/{id}/status`: the full response. */
  readonly getJobStatus: (id: JobIdInput, options?: CallOptions) => Promise<StandardJobStatusResponse>
  /** `GET /graphqlqueryjob/{id}`: the full response. Upstream's successor is `getGraphQlBulkJobStatus`. */
  readonly getGraphQlQueryJobStatus: (id: JobIdInput, options?: CallOptions) => Promise<GraphQlJobRetrievalResponse>
  /** `GET /graphqlbulkjob/{id}`: the full response. */
  readonly getGraphQlBulkJobStatus: (id: JobIdInput, options?: CallOptions) => Promise<GraphQlJobRetrievalResponse>
  /** The status of a job of any kind. A GraphQL response without a job is an `ApiError` whose body is the server's error text. */
  readonly get: (ref: JobRefInput, options?: CallOptions) => Promise<JobSnapshot>
  /**
   * Upstream's own response, for a gateway: status, headers and bytes, and the snapshot that they hold. A response with any other status
   * is a value, too, with the error that `get` rejects with; this rejects only where there is no response.
   */
  readonly getRaw: (ref: JobRefInput, options?: CallOptions) => Promise<RawResponse>
  /**
   * Waits until a job has ended. Transient errors (5XX, 408, 425, 429, connection, timeout, a response that is empty or cannot be read)
   * are reported to `onProgress`, and the wait continues; permanent ones reject at once, `Failure` and `Cancelled` with `JobFailedError`, a
   * deadline that passed with `WaitTimeoutError`.
   */
  readonly wait: (ref: JobRefInput, options?: WaitOptions) => Promise<JobSnapshot>
  /**
   * Waits for many jobs under one deadline; outcomes come in the order of the references, and none affects another. It rejects when it is
   * aborted, or a reference or an option is invalid, but never for the outcome of a job.
   */
  readonly waitAll: (
    refs: Iterable<JobRefInput>,
    options?: WaitOptions
  ) => Promise<ReadonlyArray<PromiseSettledResult<JobSnapshot>>>
  /**
   * A job's changes, the terminal snapshot last; a failed job is an element like any other. A slow loop body slows the polling down, and
   * leaving the loop ends it.
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
  /** Ends every call in progress, which then rejects with an `AbortError`. Nothing is sent after it. */
  readonly close: () => Promise<void>
}
