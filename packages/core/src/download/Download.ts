/**
 * Download of a job's result as bytes: the text inside the status, or the file behind its link.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Pull from "effect/Pull"
import type * as Scope from "effect/Scope"
import { handedOut, hasherFor, transport } from "#runtime"
import type { ClientCore } from "../client/Client.ts"
import type { Settings } from "../client/ClientOptions.ts"
import * as RetryPolicy from "../client/RetryPolicy.ts"
import { DownloadError, type InvalidJobRefError, type InvalidSettingError } from "../errors/Errors.ts"
import type { JobRef } from "../JobRef.ts"
import { expiringIn } from "../JobSnapshot.ts"
import { formatDuration } from "../text/index.ts"
import * as MonotonicTime from "../time/MonotonicTime.ts"
import { CurrentTransport } from "./CurrentTransport.ts"
import { verified } from "./DigestCheck.ts"
import {
  type DownloadOptions,
  type DownloadSettings,
  defaultMaxRetryTime,
  downloadSettingsOf
} from "./DownloadOptions.ts"
import { type DownloadInput, type DownloadSource, sourceOf } from "./DownloadSource.ts"
import * as FetchTransport from "./FetchTransport.ts"
import * as FileClient from "./FileClient.ts"
import type { RemoteFile } from "./FileContent.ts"
import * as IdleTimeout from "./IdleTimeout.ts"
import { type LinkError, type Located, ResultLink } from "./ResultLink.ts"
import { locationOf } from "./ResultLocation.ts"
import { type PartialDownload, Transfer } from "./Transfer.ts"

/** Why a download does not begin, or ends before its result does. */
export type DownloadFailure = InvalidJobRefError | InvalidSettingError | LinkError

/** An open download, whose bytes wait to be taken. */
export interface BytePull {
  /** What the server says about the file. */
  readonly file: RemoteFile
  /** How many bytes there were already: those of the partial download that is resumed. */
  readonly offset: number
  /** Whether nobody else holds the memory of the bytes that were pulled last. */
  readonly ownsBytes: () => boolean
  readonly pull: Pull.Pull<Uint8Array, DownloadFailure>
  /** The same for a consumer that does not free the memory of the bytes. */
  readonly handOut: Pull.Pull<Uint8Array, DownloadFailure>
  /** Where the result is, to open it again without another status call. */
  readonly located: Located
}

/** For a caller that keeps the bytes: what to resume, and how to begin again. */
export interface Resumption {
  readonly partial: PartialDownload | undefined
  /** Discards the partial download, because the file comes from its first byte; undefined where that is impossible. */
  readonly startOver: ((file: RemoteFile) => Effect.Effect<void, DownloadError>) | undefined
  /** Where the result is, when that is known. */
  readonly located?: Located | undefined
}

/** Downloads of one client. */
export interface Download {
  /** A result's bytes for as long as the scope is open, verified against the server's digest. */
  readonly bytes: (
    input: DownloadInput,
    options: DownloadOptions | undefined
  ) => Effect.Effect<Pull.Pull<Uint8Array, DownloadFailure>, DownloadFailure, Scope.Scope>
  /** A result for as long as the scope is open. The digest of the whole is left to the caller, who has all bytes. */
  readonly open: (
    input: DownloadInput,
    options: DownloadOptions | undefined,
    resumption: Resumption | undefined
  ) => Effect.Effect<BytePull, DownloadFailure, Scope.Scope>
}

/** Downloads for a client that can locate results. */
export const make = (
  { inlineResultOf, result }: Pick<ClientCore, "inlineResultOf" | "result">,
  settings: Settings
): Download => {
  const api = new URL(settings.baseUrl)
  const own = isOwn(settings.fetch) ? FetchTransport.make(settings.fetch) : transport
  const policy = settings.retry ?? RetryPolicy.standard
  const fallback = { maxRetryTime: settings.retry === undefined ? Duration.zero : defaultMaxRetryTime }
  const tokenHeaders = (): Readonly<Record<string, string>> => {
    const token = settings.credential.current()
    return token === undefined ? {} : { "ttd-auth": token }
  }

  const mayNeedToken = (link: string, { tokenHosts }: DownloadSettings) => {
    const url = URL.parse(link)
    return url !== null && (url.origin === api.origin || tokenHosts.has(url.host))
  }

  const open: Download["open"] = Effect.fn("JobStatus.download")(function* (input, options = {}, resumption) {
    const source = yield* Effect.fromResult(sourceOf(input))
    const { ref } = source
    const limits = yield* Effect.fromResult(downloadSettingsOf(options, fallback, yield* MonotonicTime.now))
    const locate = locating(result, ref, limits)
    const located = resumption?.located ?? (yield* locatedBy(source, inlineResultOf, locate))
    if (resumption?.located === undefined) yield* warn(located, limits)
    if (located.location._tag === "Inline") {
      const bytes = new TextEncoder().encode(located.location.text)
      const size = bytes.byteLength
      if (size > limits.maxBytes) {
        return yield* errorOf(ref, "too-large", `larger than the allowed ${limits.maxBytes} bytes: it has ${size}`)
      }
      const file = { ...unknownFile, size }
      if (resumption?.partial !== undefined) yield* resumption.startOver?.(file) ?? Effect.void
      limits.onProgress?.({ _tag: "Started", ref: String(ref), file, bytes: 0 })
      const pull = inlinePull(ref, bytes, limits)
      return { file, offset: 0, ownsBytes: () => false, pull, handOut: pull, located }
    }
    // A download of a snapshot may be the first request of a client whose token comes from a provider.
    if (mayNeedToken(located.location.url, limits)) yield* Effect.ignore(settings.credential.token)
    const transfer = new Transfer({
      ref: String(ref),
      link: new ResultLink(located, locate, errorOf(ref, "changed", "the result is not behind a link any more")),
      client: FileClient.make({
        transport: (yield* CurrentTransport) ?? own,
        userAgent: settings.userAgent,
        apiOrigin: api.origin,
        linkPolicy: limits.linkPolicy
      }),
      credentialsFor: (url) =>
        url.origin === api.origin
          ? { ...settings.headers, ...tokenHeaders() }
          : limits.tokenHosts.has(url.host)
            ? tokenHeaders()
            : {},
      redaction: settings.redaction,
      idle: yield* IdleTimeout.make(limits.idleTimeout, limits.deadline),
      settings: limits,
      policy,
      hasherFor,
      partial: resumption?.partial,
      startOver: resumption?.startOver
    })
    yield* Effect.addFinalizer(() => Effect.sync(() => transfer.close()))
    const file = yield* transfer.open
    const offset = transfer.bytes
    limits.onProgress?.({ _tag: "Started", ref: String(ref), file, bytes: offset })
    const { pull } = transfer
    const handOut = Effect.map(pull, (bytes) => {
      if (transfer.ownsBytes) handedOut(bytes.byteLength)
      return bytes
    })
    return { file, offset, ownsBytes: () => transfer.ownsBytes, pull, handOut, located }
  })

  const bytes: Download["bytes"] = (input, options) =>
    Effect.flatMap(open(input, options, undefined), ({ file, handOut, located }) =>
      verified(handOut, file.digest, hasherFor, () => corruptError(located.snapshot.ref, file))
    )

  return { bytes, open }
}

/** The error for a whole file whose bytes have another digest than the server's. */
export const corruptError = (ref: string, file: RemoteFile): DownloadError =>
  new DownloadError({
    ref,
    reason: "digest",
    issue: `its bytes do not match the server's ${file.digest?.algorithm} digest`,
    host: null,
    status: null,
    bytes: file.size ?? 0,
    size: file.size,
    cause: null
  })

/** A `fetch` of the application's own: a proxy, a log, a test. */
const isOwn = (fetch: Settings["fetch"]): fetch is typeof globalThis.fetch =>
  fetch !== undefined && fetch !== globalThis.fetch

/** A snapshot saves the status call, unless it does not say where the result is: an inline text is not in it, but may be kept. */
const locatedBy = (
  { snapshot }: DownloadSource,
  inlineResultOf: ClientCore["inlineResultOf"],
  locate: Effect.Effect<Located, LinkError>
) => {
  if (snapshot === undefined || !snapshot.isTerminal) return locate
  const inline = inlineResultOf(snapshot)
  if (snapshot.result?.inline === true && inline === null) return locate
  return Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Effect.map(Effect.fromResult(locationOf({ snapshot, inline }, now)), (location) => ({ snapshot, location }))
  )
}

const locating = (
  result: ClientCore["result"],
  ref: JobRef,
  { deadline, timeout }: DownloadSettings
): Effect.Effect<Located, LinkError> =>
  Effect.flatMap(MonotonicTime.now, (now) =>
    result(ref).pipe(
      Effect.timeoutOrElse({
        duration: Math.max(0, deadline - now),
        orElse: () => Effect.fail(errorOf(ref, "timeout", `not complete after ${formatDuration(timeout)}`))
      }),
      Effect.flatMap((status) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) =>
          Effect.map(Effect.fromResult(locationOf(status, now)), (location) => ({
            snapshot: status.snapshot,
            location
          }))
        )
      )
    )
  )

const warn = ({ snapshot }: Located, { onProgress }: DownloadSettings) =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const left = expiringIn(snapshot, now)
    if (left !== null) onProgress?.({ _tag: "ExpiresSoon", ref: snapshot.ref, snapshot, left })
  })

const unknownFile: RemoteFile = {
  size: null,
  contentType: null,
  contentDisposition: null,
  linkName: null,
  validator: null,
  digest: null
}

/** How many bytes of an inline result are given at a time. */
const chunkSize = 256 * 1024

const inlinePull = (ref: JobRef, bytes: Uint8Array, { onProgress }: DownloadSettings) => {
  const size = bytes.byteLength
  let offset = 0
  return Effect.suspend((): Pull.Pull<Uint8Array> => {
    if (offset >= size) return Cause.done()
    const chunk = bytes.slice(offset, offset + chunkSize)
    offset += chunk.byteLength
    onProgress?.({ _tag: "Progress", ref: String(ref), bytes: offset, size })
    return Effect.succeed(chunk)
  })
}

const errorOf = (ref: JobRef, reason: DownloadError["reason"], issue: string) =>
  new DownloadError({ ref: String(ref), reason, issue, host: null, status: null, bytes: 0, size: null, cause: null })
