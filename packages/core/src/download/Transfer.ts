/**
 * Transfer of one file over as many connections as it takes: resumed where they broke off, never mixed with another file's bytes.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Pull from "effect/Pull"
import * as Random from "effect/Random"
import type * as RetryPolicy from "../client/RetryPolicy.ts"
import type { DownloadError } from "../errors/Errors.ts"
import type { Redaction } from "../http/Redaction.ts"
import { retryAfterOf } from "../http/RetryAfter.ts"
import { isTransientStatus } from "../model/index.ts"
import { formatDuration } from "../text/index.ts"
import * as MonotonicTime from "../time/MonotonicTime.ts"
import type { DownloadSettings } from "./DownloadOptions.ts"
import type { FileClient, FileRequest, FileResponse } from "./FileClient.ts"
import { type Content, contentOf, encodingOf, isContent, type RemoteFile, relationOf } from "./FileContent.ts"
import type { FileDigest, Hasher } from "./FileDigest.ts"
import type { IdleTimeout } from "./IdleTimeout.ts"
import { type Interruption, interruption, isInterruption } from "./Interruption.ts"
import { linkNameOf } from "./LinkName.ts"
import { refusalCodeOf } from "./RefusalCode.ts"
import type { LinkError, ResultLink } from "./ResultLink.ts"
import { RetryBudget } from "./RetryBudget.ts"
import { TransferBody } from "./TransferBody.ts"
import { TransferErrors } from "./TransferErrors.ts"

/** The first bytes of a file that an earlier download left. */
export interface PartialDownload {
  /** How many bytes there are, from the file's first on. */
  readonly bytes: number
  readonly file: RemoteFile
}

/** What a transfer is made of. */
export interface TransferOptions {
  readonly ref: string
  readonly link: ResultLink
  readonly client: FileClient
  readonly credentialsFor: (url: URL) => FileRequest["credentials"]
  /** For what the runtime says about a request: its link and its credentials may be in it. */
  readonly redaction: Redaction
  readonly idle: IdleTimeout
  readonly settings: DownloadSettings
  readonly policy: RetryPolicy.RetryPolicy
  readonly hasherFor: (algorithm: FileDigest["algorithm"]) => Effect.Effect<Hasher>
  readonly partial: PartialDownload | undefined
  /** Discards what was delivered, so that the file can come from its first byte; undefined where that is impossible. */
  readonly startOver: ((file: RemoteFile) => Effect.Effect<void, DownloadError>) | undefined
}

/** Why a transfer ends before its file does. */
export type TransferError = DownloadError | LinkError

/** One transfer. */
export class Transfer {
  readonly #options: TransferOptions
  readonly #retries: RetryBudget
  readonly #errors: TransferErrors
  #file: RemoteFile | undefined
  /** How many bytes of the file were delivered, those of the partial download included. */
  #offset: number
  /** The most that were ever delivered: only what goes beyond is progress. */
  #farthest: number
  #body: TransferBody | undefined
  #hasEnded = false
  #hasFreshLink = false
  /** Whether ranges are requested: not any more once the response to one could not be used. */
  #usesRanges = true

  constructor(options: TransferOptions) {
    const { partial } = options
    this.#options = options
    this.#retries = new RetryBudget(options.policy, options.settings.maxRetryTime)
    this.#errors = new TransferErrors({
      ...options,
      progress: () => ({ bytes: this.#offset, size: this.#file?.size ?? null })
    })
    this.#file = partial?.file
    this.#offset = partial?.bytes ?? 0
    this.#farthest = this.#offset
  }

  /** How many bytes of the file were delivered. */
  get bytes(): number {
    return this.#offset
  }

  /** Whether nobody else holds the memory of the bytes that were pulled last. */
  get ownsBytes(): boolean {
    return this.#body?.ownsBytes ?? false
  }

  /** Requests the file, so that what the server says about it is known before its first byte is taken. */
  readonly open: Effect.Effect<RemoteFile, TransferError> = Effect.suspend(() =>
    this.#file !== undefined && (this.#body !== undefined || this.#isComplete)
      ? Effect.succeed(this.#file)
      : Effect.andThen(this.#retrying(this.#connect), this.open)
  )

  /** Takes the next bytes. */
  readonly pull: Pull.Pull<Uint8Array, TransferError> = Effect.suspend(() => this.#retrying(this.#next))

  /** Closes the connection. */
  close(): void {
    this.#body?.abort()
    this.#body = undefined
  }

  /** A connection that breaks after the last byte leaves nothing to request. */
  get #isComplete(): boolean {
    return this.#hasEnded || (this.#body === undefined && this.#file?.size === this.#offset)
  }

  readonly #next: Pull.Pull<Uint8Array, TransferError | Interruption> = Effect.suspend(() => {
    if (this.#isComplete) return Cause.done()
    const body = this.#body
    if (body === undefined) return Effect.andThen(this.#connect, this.#next)
    const chunk = this.#options.idle.wait(
      () => body.read(),
      (cause) => this.#errors.broken(body.host, cause),
      (expiry) => this.#errors.expired(body.host, expiry),
      () => this.close()
    )
    return Effect.flatMap(chunk, (chunk) => (chunk === undefined ? this.#finish(body) : this.#deliver(body, chunk)))
  })

  readonly #connect: Effect.Effect<void, TransferError | Interruption> = Effect.suspend(() => {
    const { client, credentialsFor, idle, link } = this.#options
    return Effect.flatMap(link.url, (text) => {
      const url = URL.parse(text)
      if (url === null) return Effect.fail(this.#errors.of("unsafe-link", "its link is not a valid URL"))
      const range = this.#range
      const request = { url, headers: range ?? {}, credentials: credentialsFor(url) }
      return Effect.matchEffect(client.get(request, idle), {
        onFailure: (failure) => Effect.fail(this.#errors.unreachable(failure)),
        onSuccess: (response) => this.#accept(response, linkNameOf(url), range !== undefined)
      })
    })
  })

  /** The headers that request the missing bytes, if there are some that can be resumed. */
  get #range(): Readonly<Record<string, string>> | undefined {
    const validator = this.#file?.validator ?? null
    return this.#offset > 0 && this.#usesRanges && validator !== null
      ? { range: `bytes=${this.#offset}-`, "if-range": validator.value }
      : undefined
  }

  #accept(
    response: FileResponse,
    linkName: string | null,
    requestedRange: boolean
  ): Effect.Effect<void, TransferError | Interruption> {
    const { header, host, status } = response
    if (isContent(status)) {
      const encoding = encodingOf(header)
      if (encoding !== null && response.body !== null && !response.verifiesEncoding) {
        response.abort()
        return Effect.fail(this.#errors.unverifiable(host, encoding))
      }
      const content = contentOf(response, linkName)
      return content === null ? this.#withoutRanges(response) : this.#take(response, content)
    }
    if (status === 416 && requestedRange) return this.#withoutRanges(response)
    if (linkExpired.has(status)) return this.#renewLink(response)
    const issue = `the server responded with ${status}`
    if (!isTransientStatus(status)) return Effect.flip(this.#refusal(response, issue))
    response.abort()
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const retryAfter = retryAfterOf({ get: header }, now) ?? 0
      return Effect.fail(interruption(host, issue, { status, retryAfter }))
    })
  }

  /** Begins to read a response if its bytes follow the delivered ones, or can be made to. */
  #take(response: FileResponse, content: Content): Effect.Effect<void, TransferError | Interruption> {
    const { header, host } = response
    const known = this.#file
    const { ref, settings, startOver } = this.#options
    const relation = known === undefined ? "another" : relationOf(known, header, content.file)
    if (relation === "contradiction") return this.#withoutRanges(response)
    if (known === undefined || (this.#offset === 0 && content.isWhole && startOver === undefined)) {
      return content.start === 0 ? this.#adopt(response, content) : this.#withoutRanges(response)
    }
    const size = content.file.size ?? known.size
    if (relation === "same" && this.#offset <= (size ?? this.#offset)) {
      if (content.start > this.#offset) return this.#withoutRanges(response)
      this.#file = { ...known, size }
      return this.#begin(response, content)
    }
    if (!content.isWhole) return this.#withoutRanges(response)
    if (startOver === undefined) {
      response.abort()
      const issue = "the file may have changed since the download started (no matching strong ETag)"
      return Effect.fail(this.#errors.of("changed", issue, { host }))
    }
    return Effect.flatMap(startOver(content.file), () => {
      const hadBytes = this.#offset > 0
      this.#offset = 0
      if (hadBytes) settings.onProgress?.({ _tag: "StartedOver", ref, file: content.file })
      return this.#adopt(response, content)
    })
  }

  #adopt(response: FileResponse, content: Content): Effect.Effect<void, DownloadError> {
    this.#file = content.file
    if ((content.file.size ?? 0) <= this.#options.settings.maxBytes) return this.#begin(response, content)
    response.abort()
    return Effect.fail(this.#errors.tooLarge(response.host))
  }

  #begin(response: FileResponse, content: Content): Effect.Effect<void> {
    const begin = (hasher: Hasher | undefined) => {
      this.#body = new TransferBody(response, content, this.#offset, hasher)
    }
    return content.digest === null
      ? Effect.sync(() => begin(undefined))
      : Effect.map(this.#options.hasherFor(content.digest.algorithm), begin)
  }

  #deliver(body: TransferBody, chunk: Uint8Array): Pull.Pull<Uint8Array, TransferError | Interruption> {
    const { ref, settings } = this.#options
    const bytes = body.take(chunk)
    if (body.isOverlong) return this.#end(this.#errors.of("length", "more bytes came than were announced", body))
    if (bytes.byteLength === 0) return this.#next
    this.#offset += bytes.byteLength
    if (this.#offset > settings.maxBytes) return this.#end(this.#errors.tooLarge(body.host))
    if (this.#offset > this.#farthest) {
      this.#farthest = this.#offset
      this.#retries.progressed()
      this.#hasFreshLink = false
    }
    settings.onProgress?.({ _tag: "Progress", ref, bytes: this.#offset, size: this.#file?.size ?? null })
    return Effect.succeed(bytes)
  }

  #finish(body: TransferBody): Pull.Pull<Uint8Array, TransferError | Interruption> {
    this.#body = undefined
    if (body.isShort) return Effect.fail(interruption(body.host, "it ended before its announced length"))
    if (!body.isIntact())
      return Effect.fail(this.#errors.of("digest", "its bytes do not match the server's digest", body))
    // The end of a part is that of the file only when the size of the file is known.
    const size = this.#file?.size ?? (body.isWhole ? body.position : null)
    if (size !== null && this.#offset > size)
      return Effect.fail(this.#errors.of("length", "it is shorter than what had been downloaded of it", body))
    this.#hasEnded = this.#offset === size
    if (this.#hasEnded) return Cause.done()
    return body.isUseful ? this.#next : this.#withoutRanges(body)
  }

  /** The response cannot be used: from now on the whole file is requested, and the bytes that are there already are skipped. */
  #withoutRanges({ abort, host }: Pick<FileResponse, "abort" | "host">): Effect.Effect<never, Interruption> {
    abort()
    this.#usesRanges = false
    return Effect.fail(interruption(host, "the response holds other bytes than those that were requested"))
  }

  /** The error of a response that refuses the file, with the reason in its body. */
  #refusal(response: FileResponse, issue: string): Effect.Effect<DownloadError> {
    const { abort, body, host, status } = response
    return refusalCodeOf(body).pipe(
      Effect.map((code) => this.#errors.of("refused", `${issue}${code}`, { host, status })),
      Effect.ensuring(Effect.sync(abort))
    )
  }

  /** Gets a new link, once as long as no byte comes. */
  #renewLink(response: FileResponse): Effect.Effect<void, TransferError | Interruption> {
    const { link, ref, settings } = this.#options
    if (this.#hasFreshLink) {
      const refusal = this.#refusal(response, `the server responded to a new link with ${response.status} too`)
      return Effect.flatMap(Effect.zip(refusal, link.whyGone), ([refused, gone]) => Effect.fail(gone ?? refused))
    }
    response.abort()
    this.#hasFreshLink = true
    link.expire()
    settings.onProgress?.({ _tag: "LinkExpired", ref, bytes: this.#offset })
    return this.#connect
  }

  #retrying<A, E extends TransferError | Cause.Done>(effect: Effect.Effect<A, E | Interruption>) {
    const retried: Effect.Effect<A, E | TransferError> = Effect.catchIf(effect, isInterruption, (interruption) =>
      Effect.andThen(this.#recover(interruption), retried)
    )
    return retried
  }

  /** Pauses until the transfer may be resumed, or ends it. */
  #recover(interruption: Interruption): Effect.Effect<void, DownloadError> {
    const { ref, settings, startOver } = this.#options
    const { issue, retryAfter } = interruption
    this.close()
    if (this.#offset > 0 && this.#file?.validator === null && startOver === undefined) {
      return Effect.fail(this.#errors.final(`${issue}, and it has no strong ETag to resume it by`, interruption))
    }
    return Effect.flatMap(Effect.all([Random.next, MonotonicTime.now]), ([random, now]) => {
      const pause = this.#retries.pauseAfter(now, retryAfter, random)
      if (pause === null) {
        const requested = retryAfter === 0 ? "" : ` and asks for a pause of ${formatDuration(retryAfter)}`
        return Effect.fail(this.#errors.final(`${issue}${requested}`, interruption))
      }
      if (now + pause > settings.deadline) return Effect.fail(this.#errors.late(interruption.host, interruption.cause))
      settings.onProgress?.({ _tag: "Interrupted", ref, bytes: this.#offset, reason: issue, pause })
      return Effect.sleep(pause)
    })
  }

  #end(error: DownloadError): Effect.Effect<never, DownloadError> {
    this.close()
    return Effect.fail(error)
  }
}

/** Responses of storages to an expired link: mostly 403, also 404 or 410, and 400 when the key that signed it has expired. */
const linkExpired: ReadonlySet<number> = new Set([400, 403, 404, 410])
