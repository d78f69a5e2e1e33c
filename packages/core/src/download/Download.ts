/**
 * A job's result as bytes: the text inside the status, or the file behind its link.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Pull from "effect/Pull"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { ClientCore } from "../client/Client.ts"
import type { Settings } from "../client/ClientOptions.ts"
import * as RetryPolicy from "../client/RetryPolicy.ts"
import { isLoopback } from "../client/Server.ts"
import { DownloadError, type InvalidJobRefError, type InvalidSettingError } from "../errors/Errors.ts"
import { masking, maskingLinks } from "../http/Redaction.ts"
import { JobRef, type JobRefInput } from "../JobRef.ts"
import { expiringIn } from "../JobSnapshot.ts"
import { timeText } from "../text/DurationText.ts"
import { type DownloadOptions, type DownloadSettings, downloadSettingsOf } from "./DownloadOptions.ts"
import type { RemoteFile } from "./FileAnswer.ts"
import { checked } from "./FileCheck.ts"
import * as FileClient from "./FileClient.ts"
import { type FileDigest, type Hasher, hasher } from "./FileDigest.ts"
import { portionOf } from "./InlineBytes.ts"
import { type LinkError, type Located, ResultLink } from "./ResultLink.ts"
import { placeOf } from "./ResultPlace.ts"
import * as StallWatch from "./StallWatch.ts"
import { type Kept, Transfer } from "./Transfer.ts"

/** Why a download does not begin, or ends before its result does. */
export type DownloadFailure = InvalidJobRefError | InvalidSettingError | LinkError

/** A result whose bytes wait to be taken. */
export interface OpenDownload {
  /** What the server tells of it. */
  readonly file: RemoteFile
  /** How many bytes were there already. */
  readonly offset: number
  /** Whether nobody else can hold the bytes: a `fetch` of the caller's own may keep them. */
  readonly ownsBytes: boolean
  readonly pull: Pull.Pull<Uint8Array, DownloadFailure>
}

/** For who keeps what came: what a download goes on from, and how to begin again. */
export interface Continuation {
  readonly kept: Kept | undefined
  readonly startOver: (file: RemoteFile) => Effect.Effect<void, DownloadError>
  readonly hasherFor: (algorithm: FileDigest["algorithm"]) => Effect.Effect<Hasher>
  /** Whose parts of a body are nobody else's; unused where the client has a `fetch` of the caller's own. */
  readonly fetch: typeof globalThis.fetch
}

/** Downloading. */
export interface Download {
  /** A result's bytes for as long as the scope is open, checked against the digest that its server tells. */
  readonly bytes: (
    ref: JobRefInput,
    options: DownloadOptions | undefined
  ) => Effect.Effect<Pull.Pull<Uint8Array, DownloadFailure>, DownloadFailure, Scope.Scope>
  /** A result for as long as the scope is open. The digest of the whole is left to who keeps the bytes. */
  readonly open: (
    ref: JobRefInput,
    options: DownloadOptions | undefined,
    continuation: Continuation | undefined
  ) => Effect.Effect<OpenDownload, DownloadFailure, Scope.Scope>
}

/** Downloading for a client that can tell where results are. */
export const make = (result: ClientCore["result"], settings: Settings): Download => {
  const api = new URL(settings.baseUrl)
  const clientWith = (fetch: typeof globalThis.fetch | undefined) =>
    FileClient.make({ fetch, userAgent: settings.userAgent, loopback: isLoopback(api.hostname) })
  const policy = settings.retry ?? RetryPolicy.standard
  const defaultRetries = settings.retry === undefined ? 0 : 5
  const mask = maskingLinks(masking(settings.token))
  const token: Readonly<Record<string, string>> =
    settings.token === undefined ? {} : { "ttd-auth": Redacted.value(settings.token) }

  const open: Download["open"] = Effect.fn("JobStatus.download")(function* (input, options = {}, continuation) {
    const ref = yield* Effect.fromResult(JobRef.parse(input))
    const now = yield* Clock.currentTimeMillis
    const limits = yield* Effect.fromResult(downloadSettingsOf(options, defaultRetries, now))
    const locate = locating(result, ref, limits)
    const located = yield* locate
    warn(located, limits, now)
    if (located.place._tag === "Inline") {
      const { bytes, text } = located.place
      if (bytes > limits.maxBytes) return yield* tooLarge(ref, bytes, limits.maxBytes)
      const file = { ...unknownFile, size: bytes }
      if (continuation?.kept !== undefined) yield* continuation.startOver(file)
      limits.onProgress?.({ _tag: "Started", ref: String(ref), file, bytes: 0 })
      return { file, offset: 0, ownsBytes: true, pull: inlinePull(ref, text, bytes, limits) }
    }
    const transfer = new Transfer({
      ref: String(ref),
      link: new ResultLink(located, locate, errorOf(ref, "changed", "the result is not behind a link any more")),
      client: clientWith(settings.fetch ?? continuation?.fetch),
      credentialsFor: (url) =>
        url.origin === api.origin ? { ...settings.headers, ...token } : limits.tokenHosts.has(url.host) ? token : {},
      mask,
      watch: yield* StallWatch.make(limits.stallTimeout, limits.deadline),
      settings: limits,
      policy,
      hasherFor: continuation?.hasherFor ?? hasher,
      kept: continuation?.kept,
      startOver: continuation?.startOver
    })
    yield* Effect.addFinalizer(() => Effect.sync(() => transfer.close()))
    const file = yield* transfer.open
    const offset = transfer.bytes
    limits.onProgress?.({ _tag: "Started", ref: String(ref), file, bytes: offset })
    return { file, offset, ownsBytes: settings.fetch === undefined, pull: transfer.pull }
  })

  const bytes: Download["bytes"] = (ref, options) =>
    Effect.flatMap(open(ref, options, undefined), ({ file, pull }) =>
      checked(pull, file.digest, hasher, () => corruptError(String(ref), file))
    )

  return { bytes, open }
}

/** The error for a whole that came with other bytes than its digest is of. */
export const corruptError = (ref: string, file: RemoteFile): DownloadError =>
  new DownloadError({
    ref,
    reason: "digest",
    issue: `what came has another ${file.digest?.algorithm} digest than was told`,
    host: null,
    status: null,
    bytes: file.size ?? 0,
    size: file.size,
    cause: null
  })

const locating = (
  result: ClientCore["result"],
  ref: JobRef,
  { deadline, timeout }: DownloadSettings
): Effect.Effect<Located, LinkError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    result(ref).pipe(
      Effect.timeoutOrElse({
        duration: Math.max(0, deadline - now),
        orElse: () => Effect.fail(errorOf(ref, "timeout", `it takes longer than ${timeText(timeout)}`))
      }),
      Effect.flatMap((status) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) =>
          Effect.map(Effect.fromResult(placeOf(status, now)), (place) => ({ snapshot: status.snapshot, place }))
        )
      )
    )
  )

const warn = ({ snapshot }: Located, { onProgress }: DownloadSettings, now: number) => {
  const left = expiringIn(snapshot, now)
  if (left !== null) onProgress?.({ _tag: "ExpiresSoon", ref: snapshot.ref, snapshot, left })
}

const unknownFile: RemoteFile = {
  size: null,
  contentType: null,
  contentDisposition: null,
  validator: null,
  digest: null
}

const inlinePull = (ref: JobRef, text: string, size: number, { onProgress }: DownloadSettings) => {
  let at = 0
  let sent = 0
  return Effect.suspend((): Pull.Pull<Uint8Array> => {
    if (at >= text.length) return Cause.done()
    const { bytes, next } = portionOf(text, at)
    at = next
    sent += bytes.byteLength
    onProgress?.({ _tag: "Progress", ref: String(ref), bytes: sent, size })
    return Effect.succeed(bytes)
  })
}

const tooLarge = (ref: JobRef, size: number, maxBytes: number) =>
  errorOf(ref, "too-large", `it is ${size} bytes long, and ${maxBytes} are allowed`)

const errorOf = (ref: JobRef, reason: DownloadError["reason"], issue: string) =>
  new DownloadError({ ref: String(ref), reason, issue, host: null, status: null, bytes: 0, size: null, cause: null })
