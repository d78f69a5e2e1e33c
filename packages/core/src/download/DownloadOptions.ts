/**
 * Options and events of a download.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import type { InvalidSettingError } from "../errors/Errors.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import { readDuration, readInteger } from "../options/Options.ts"
import type { LinkPolicy } from "./FileClient.ts"
import type { RemoteFile } from "./FileContent.ts"

/** What happens during a download, for `onProgress`. Each event names its job. */
export type DownloadEvent =
  /** The server has the file; its bytes follow, from `bytes` on: 0 unless a partial download is resumed. */
  | { readonly _tag: "Started"; readonly ref: string; readonly file: RemoteFile; readonly bytes: number }
  /** So many bytes have come in all, of `size` if that is known. */
  | { readonly _tag: "Progress"; readonly ref: string; readonly bytes: number; readonly size: number | null }
  /** The transfer broke off after so many bytes and is resumed after a pause in milliseconds. */
  | {
      readonly _tag: "Interrupted"
      readonly ref: string
      readonly bytes: number
      readonly reason: string
      readonly pause: number
    }
  /** The link had expired; a status call gets a new one. */
  | { readonly _tag: "LinkExpired"; readonly ref: string; readonly bytes: number }
  /** The partial download cannot be resumed, and the file comes again from its first byte. Files only, never a stream of bytes. */
  | { readonly _tag: "StartedOver"; readonly ref: string; readonly file: RemoteFile }
  /** The result may be gone in less than an hour; `left` is in milliseconds. At most once in a download. */
  | { readonly _tag: "ExpiresSoon"; readonly ref: string; readonly snapshot: JobSnapshot; readonly left: number }

/** The options of a download. Times that are numbers are milliseconds. */
export interface DownloadOptions {
  /** How long to wait for the next byte before the connection is closed and the transfer resumed. Default: 60 seconds. */
  readonly idleTimeout?: Duration.Input | undefined
  /**
   * How long to retry without a byte of progress, counted from the first failure; 0 for never. Default: 10 minutes, so that an outage of
   * the storage is survived; 0 for a client with `retry: false`.
   */
  readonly maxRetryTime?: Duration.Input | undefined
  /** How long the whole may take. Default: no limit. */
  readonly timeout?: Duration.Input | undefined
  /** The most bytes that are taken. Default: no limit. */
  readonly maxBytes?: number | undefined
  /**
   * Hosts other than the API's own that are sent the token, such as `downloads.example.com` or, with a port,
   * `downloads.example.com:8443`. Never after a redirect to them. Default: none.
   */
  readonly tokenHosts?: ReadonlyArray<string> | undefined
  /**
   * Decides about every URL before it is requested, those of redirects included: `true` lets it pass, a text is the reason of the
   * `DownloadError` (`unsafe-link`). It is asked after the built-in rules: https only, loopback excepted for a client of a loopback server.
   * Default: no further rule.
   */
  readonly linkPolicy?: LinkPolicy | undefined
  /**
   * Is called with what happens, between bytes, so it should not take long. What it throws ends the download; what it rejects with ends it
   * at the next event.
   */
  readonly onProgress?: ((event: DownloadEvent) => void) | undefined
}

/** The options as a download uses them. Times are milliseconds, the deadline on the monotonic clock. */
export interface DownloadSettings {
  readonly idleTimeout: number
  readonly maxRetryTime: number
  readonly deadline: number
  readonly timeout: number
  readonly maxBytes: number
  readonly tokenHosts: ReadonlySet<string>
  readonly linkPolicy: LinkPolicy | undefined
  readonly onProgress: ((event: DownloadEvent) => void) | undefined
}

/** How long a download is retried without progress unless it says otherwise. */
export const defaultMaxRetryTime: Duration.Duration = Duration.minutes(10)

/**
 * Reads the options of a download that begins at the monotonic time `now`; fails with `InvalidSettingError` at the first invalid one.
 */
export const downloadSettingsOf = (
  options: DownloadOptions,
  fallback: { readonly maxRetryTime: Duration.Duration },
  now: number
): Result.Result<DownloadSettings, InvalidSettingError> =>
  Result.gen(function* () {
    const timeout = yield* readTime("timeout", options.timeout ?? Duration.infinity)
    return {
      idleTimeout: yield* readTime("idleTimeout", options.idleTimeout ?? Duration.seconds(60)),
      maxRetryTime: yield* readTime("maxRetryTime", options.maxRetryTime ?? fallback.maxRetryTime, {}),
      deadline: now + timeout,
      timeout,
      maxBytes: yield* readInteger("maxBytes", options.maxBytes ?? Number.POSITIVE_INFINITY, 0),
      tokenHosts: new Set(options.tokenHosts?.map((host) => host.toLowerCase())),
      linkPolicy: options.linkPolicy,
      onProgress: options.onProgress === undefined ? undefined : guarded(options.onProgress)
    }
  })

/** An async function is taken for a listener too, and its rejection would not be seen otherwise. */
const guarded = (listener: (event: DownloadEvent) => unknown): ((event: DownloadEvent) => void) => {
  let rejection: { readonly reason: unknown } | undefined
  return (event) => {
    if (rejection !== undefined) throw rejection.reason
    const returned = listener(event)
    if (returned instanceof Promise) {
      returned.catch((reason) => {
        rejection = { reason }
      })
    }
  }
}

const readTime = (setting: string, input: Duration.Input, limit: { readonly above?: number } = { above: 0 }) =>
  Result.map(readDuration(setting, input, limit), Duration.toMillis)
