/**
 * What a download is told, and what it tells while it lasts.
 *
 * @module
 */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { InvalidSettingError } from "../errors/Errors.ts"
import type { JobSnapshot } from "../JobSnapshot.ts"
import type { RemoteFile } from "./FileAnswer.ts"

/** What happens during a download, for `onProgress`. Each event names its job. */
export type DownloadEvent =
  /** The result is there and its bytes follow, from `bytes` on: 0 unless a part was kept from an earlier run. */
  | { readonly _tag: "Started"; readonly ref: string; readonly file: RemoteFile; readonly bytes: number }
  /** So many bytes have come in all, of `size` if that is known. */
  | { readonly _tag: "Progress"; readonly ref: string; readonly bytes: number; readonly size: number | null }
  /** The transfer broke off after so many bytes and goes on after a pause in milliseconds. */
  | {
      readonly _tag: "Interrupted"
      readonly ref: string
      readonly bytes: number
      readonly reason: string
      readonly pause: number
    }
  /** The link had expired; the job's status is asked for a fresh one. */
  | { readonly _tag: "LinkExpired"; readonly ref: string; readonly bytes: number }
  /** What had come cannot be continued, and the file comes again from its first byte. Files only, never a stream of bytes. */
  | { readonly _tag: "StartedOver"; readonly ref: string; readonly file: RemoteFile }
  /** The result may be gone in less than an hour; `left` is in milliseconds. */
  | { readonly _tag: "ExpiresSoon"; readonly ref: string; readonly snapshot: JobSnapshot; readonly left: number }

/** The settings of a download. Times that are numbers are milliseconds. */
export interface DownloadOptions {
  /** How long to go on without a single byte before the connection is given up and the transfer resumed. Default: 60 seconds. */
  readonly stallTimeout?: Duration.Input | undefined
  /** How often to resume without a byte of progress in between. Default: 5, or 0 for a client that does not retry. */
  readonly retries?: number | undefined
  /** How long the whole may take. Default: as long as it needs. */
  readonly timeout?: Duration.Input | undefined
  /** The most bytes that are taken. Default: no limit. */
  readonly maxBytes?: number | undefined
  /**
   * Hosts other than the API's own that are sent the token, such as `downloads.example.com` or, with a port,
   * `downloads.example.com:8443`. Never by way of a redirect to them. Default: none.
   */
  readonly tokenHosts?: ReadonlyArray<string> | undefined
  /**
   * Is told what happens. It is called between bytes, so it should not take long; what it throws ends the download, and what it rejects
   * with ends it at the next event.
   */
  readonly onProgress?: ((event: DownloadEvent) => void) | undefined
}

/** The settings as a download uses them. Times are milliseconds, the deadline since the epoch. */
export interface DownloadSettings {
  readonly stallTimeout: number
  readonly retries: number
  readonly deadline: number
  readonly timeout: number
  readonly maxBytes: number
  readonly tokenHosts: ReadonlySet<string>
  readonly onProgress: ((event: DownloadEvent) => void) | undefined
}

/** Reads the settings of a download that begins now; fails with `InvalidSettingError` at the first that cannot be used. */
export const downloadSettingsOf = (
  options: DownloadOptions,
  defaultRetries: number,
  now: number
): Result.Result<DownloadSettings, InvalidSettingError> =>
  Result.gen(function* () {
    const timeout = yield* time("timeout", options.timeout ?? Duration.infinity)
    return {
      stallTimeout: yield* time("stallTimeout", options.stallTimeout ?? Duration.seconds(60)),
      retries: yield* count("retries", options.retries ?? defaultRetries),
      deadline: now + timeout,
      timeout,
      maxBytes: yield* count("maxBytes", options.maxBytes ?? Number.POSITIVE_INFINITY),
      tokenHosts: new Set(options.tokenHosts?.map((host) => host.toLowerCase())),
      onProgress: options.onProgress === undefined ? undefined : listening(options.onProgress)
    }
  })

/** An async function is taken for a listener as well, and nobody else would hear what it rejects with. */
const listening = (listener: (event: DownloadEvent) => unknown): ((event: DownloadEvent) => void) => {
  let rejection: { readonly reason: unknown } | undefined
  return (event) => {
    if (rejection !== undefined) throw rejection.reason
    const told = listener(event)
    if (told instanceof Promise) {
      told.catch((reason) => {
        rejection = { reason }
      })
    }
  }
}

const time = (setting: string, input: Duration.Input) =>
  Option.match(
    Option.filter(Duration.fromInput(input), (duration) => Duration.isGreaterThan(duration, Duration.zero)),
    {
      onNone: () => refuse(setting, "it is no time above zero", 'Give milliseconds or a text such as "90 seconds".'),
      onSome: (duration) => Result.succeed(Duration.toMillis(duration))
    }
  )

const count = (setting: string, value: number) =>
  value >= 0 && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY)
    ? Result.succeed(value)
    : refuse(setting, `it is ${value}`, "Give a whole number from 0.")

const refuse = (setting: string, reason: string, advice: string) =>
  Result.fail(new InvalidSettingError({ setting, reason, advice }))
