/**
 * The bytes of a file over as many connections as it takes: resumed where they broke off, never mixed with another file's.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Pull from "effect/Pull"
import * as Random from "effect/Random"
import * as RetryPolicy from "../client/RetryPolicy.ts"
import { DownloadError } from "../errors/Errors.ts"
import type { Masking } from "../http/Redaction.ts"
import { pauseOf } from "../http/Transport.ts"
import { isTransientStatus } from "../model/index.ts"
import { timeText } from "../text/DurationText.ts"
import type { DownloadSettings } from "./DownloadOptions.ts"
import { type Content, contentOf, type RemoteFile, relationOf } from "./FileAnswer.ts"
import type { FileClient, FileRequest, FileResponse, NoFileResponse } from "./FileClient.ts"
import type { FileDigest, Hasher } from "./FileDigest.ts"
import type { LinkError, ResultLink } from "./ResultLink.ts"
import type { Silence, StallWatch } from "./StallWatch.ts"
import { TransferBody } from "./TransferBody.ts"
import { isTrouble, type Trouble, trouble } from "./Trouble.ts"

/** A part of a file that is there already. */
export interface Kept {
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
  /** For what the runtime says of a request: its link and its credentials may stand in it. */
  readonly mask: Masking
  readonly watch: StallWatch
  readonly settings: DownloadSettings
  readonly policy: RetryPolicy.RetryPolicy
  readonly hasherFor: (algorithm: FileDigest["algorithm"]) => Effect.Effect<Hasher>
  readonly kept: Kept | undefined
  /** Throws away what was delivered, so that a file can come from its first byte; undefined where that cannot be. */
  readonly startOver: ((file: RemoteFile) => Effect.Effect<void, DownloadError>) | undefined
}

/** Why a transfer ends before its file does. */
export type TransferError = DownloadError | LinkError

/** One file on its way. */
export class Transfer {
  readonly #options: TransferOptions
  #file: RemoteFile | undefined
  /** How many bytes of the file were delivered, those kept from an earlier run included. */
  #offset: number
  /** The most that were ever delivered: only what goes beyond is progress. */
  #farthest: number
  #body: TransferBody | undefined
  #hasEnded = false
  #failures = 0
  #hasFreshLink = false
  /** Whether ranges are asked for: not any more once the answer to one could not be used. */
  #asksForRanges = true

  constructor(options: TransferOptions) {
    const { kept } = options
    this.#options = options
    this.#file = kept?.file
    this.#offset = kept?.bytes ?? 0
    this.#farthest = this.#offset
  }

  /** How many bytes of the file were delivered. */
  get bytes(): number {
    return this.#offset
  }

  /** Asks for the file, so that what the server tells of it is known before its first byte is taken. */
  readonly open: Effect.Effect<RemoteFile, TransferError> = Effect.suspend(() =>
    this.#file !== undefined && (this.#body !== undefined || this.#isComplete)
      ? Effect.succeed(this.#file)
      : Effect.andThen(this.#ridingOut(this.#connect), this.open)
  )

  /** A connection that breaks after the last byte, or is not needed for it, leaves nothing to ask for. */
  get #isComplete(): boolean {
    return this.#hasEnded || (this.#body === undefined && this.#file?.size === this.#offset)
  }

  /** Takes the next bytes. */
  readonly pull: Pull.Pull<Uint8Array, TransferError> = Effect.suspend(() => this.#ridingOut(this.#next))

  /** Gives up the connection. */
  close(): void {
    this.#body?.abort()
    this.#body = undefined
  }

  readonly #next: Pull.Pull<Uint8Array, TransferError | Trouble> = Effect.suspend(() => {
    if (this.#isComplete) return Cause.done()
    const body = this.#body
    if (body === undefined) return Effect.andThen(this.#connect, this.#next)
    const chunk = this.#options.watch.wait(
      () => body.read(),
      (cause) => trouble(body.host, "the connection broke", { cause: this.#options.mask.cause(cause) }),
      (silence) => this.#silent(body.host, silence),
      () => this.close()
    )
    return Effect.flatMap(chunk, (chunk) => (chunk === undefined ? this.#finish(body) : this.#deliver(body, chunk)))
  })

  readonly #connect: Effect.Effect<void, TransferError | Trouble> = Effect.suspend(() => {
    const { client, credentialsFor, link, watch } = this.#options
    return Effect.flatMap(link.url, (text) => {
      const url = URL.parse(text)
      if (url === null) return Effect.fail(this.#error("unsafe-link", "its link is no URL"))
      const range = this.#range
      const request = { url, headers: range ?? {}, credentials: credentialsFor(url) }
      return Effect.matchEffect(client.get(request, watch), {
        onFailure: (failure) => Effect.fail(this.#unanswered(failure)),
        onSuccess: (answer) => this.#accept(answer, range !== undefined)
      })
    })
  })

  /** The headers that ask for what is missing, if there is a part that can be gone on with. */
  get #range(): Readonly<Record<string, string>> | undefined {
    const validator = this.#file?.validator ?? null
    return this.#offset > 0 && this.#asksForRanges && validator !== null
      ? { range: `bytes=${this.#offset}-`, "if-range": validator.value }
      : undefined
  }

  #accept(answer: FileResponse, askedForRange: boolean): Effect.Effect<void, TransferError | Trouble> {
    const { host, response } = answer
    const { status } = response
    if (status === 200 || status === 206) {
      const content = contentOf(response)
      return content === null ? this.#withoutRanges(answer) : this.#take(answer, content)
    }
    if (status === 416 && askedForRange) return this.#withoutRanges(answer)
    answer.abort()
    if (linkExpired.has(status)) return this.#renewLink(host, status)
    const issue = `the answer is ${status}`
    if (!isTransientStatus(status)) return Effect.fail(this.#error("refused", issue, { host, status }))
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const floor = pauseOf(response.headers.get("retry-after") ?? "", now) ?? 0
      return Effect.fail(trouble(host, issue, { status, floor }))
    })
  }

  /** Begins to read an answer if its bytes go on where the last ones ended, or can be made to. */
  #take(answer: FileResponse, content: Content): Effect.Effect<void, TransferError | Trouble> {
    const { host, response } = answer
    const known = this.#file
    const { ref, settings, startOver } = this.#options
    const relation = known === undefined ? "another" : relationOf(known, response.headers, content.file)
    if (relation === "contradiction") return this.#withoutRanges(answer)
    if (known === undefined || (this.#offset === 0 && content.isWhole && startOver === undefined)) {
      return content.start === 0 ? this.#adopt(answer, content) : this.#withoutRanges(answer)
    }
    const size = content.file.size ?? known.size
    if (relation === "same" && this.#offset <= (size ?? this.#offset)) {
      if (content.start > this.#offset) return this.#withoutRanges(answer)
      this.#file = { ...known, size }
      return this.#begin(answer, content)
    }
    if (!content.isWhole) return this.#withoutRanges(answer)
    if (startOver === undefined) {
      answer.abort()
      const issue = "the file is not provably the one whose first bytes were delivered"
      return Effect.fail(this.#error("changed", issue, { host }))
    }
    return Effect.flatMap(startOver(content.file), () => {
      const hadBytes = this.#offset > 0
      this.#offset = 0
      if (hadBytes) settings.onProgress?.({ _tag: "StartedOver", ref, file: content.file })
      return this.#adopt(answer, content)
    })
  }

  #adopt(answer: FileResponse, content: Content): Effect.Effect<void, DownloadError> {
    this.#file = content.file
    if ((content.file.size ?? 0) <= this.#options.settings.maxBytes) return this.#begin(answer, content)
    answer.abort()
    return Effect.fail(this.#tooLarge(answer.host))
  }

  #begin(answer: FileResponse, content: Content): Effect.Effect<void> {
    const begin = (hasher: Hasher | undefined) => {
      this.#body = new TransferBody(answer, content, this.#offset, hasher)
    }
    return content.digest === null
      ? Effect.sync(() => begin(undefined))
      : Effect.map(this.#options.hasherFor(content.digest.algorithm), begin)
  }

  #deliver(body: TransferBody, chunk: Uint8Array): Pull.Pull<Uint8Array, TransferError | Trouble> {
    const { ref, settings } = this.#options
    const bytes = body.take(chunk)
    if (body.isOverlong) return this.#end(this.#error("length", "more bytes came than were announced", body))
    if (bytes.byteLength === 0) return this.#next
    this.#offset += bytes.byteLength
    if (this.#offset > settings.maxBytes) return this.#end(this.#tooLarge(body.host))
    if (this.#offset > this.#farthest) {
      this.#farthest = this.#offset
      this.#failures = 0
      this.#hasFreshLink = false
    }
    settings.onProgress?.({ _tag: "Progress", ref, bytes: this.#offset, size: this.#file?.size ?? null })
    return Effect.succeed(bytes)
  }

  #finish(body: TransferBody): Pull.Pull<Uint8Array, TransferError | Trouble> {
    this.#body = undefined
    if (body.isShort) return Effect.fail(trouble(body.host, "it ended before its announced length"))
    if (!body.isIntact()) return Effect.fail(this.#error("digest", "what came has another digest than was told", body))
    // The end of a part is that of the file only when it is known how large the file is.
    const size = this.#file?.size ?? (body.isWhole ? body.position : null)
    if (size !== null && this.#offset > size)
      return Effect.fail(this.#error("length", "it is shorter than what had come of it", body))
    this.#hasEnded = this.#offset === size
    if (this.#hasEnded) return Cause.done()
    return body.isUseful ? this.#next : this.#withoutRanges(body)
  }

  /** An answer that is no use: from now on the whole file is asked for, and what is there already is skipped. */
  #withoutRanges({ abort, host }: Pick<FileResponse, "abort" | "host">): Effect.Effect<never, Trouble> {
    abort()
    this.#asksForRanges = false
    return Effect.fail(trouble(host, "the answer holds other bytes than those that were asked for"))
  }

  /** Asks for a new link, once as long as nothing comes. */
  #renewLink(host: string, status: number): Effect.Effect<void, TransferError | Trouble> {
    const { link, ref, settings } = this.#options
    if (this.#hasFreshLink) {
      const refused = this.#error("refused", `the answer to a fresh link is ${status} too`, { host, status })
      return Effect.flatMap(link.whyGone, (gone) => Effect.fail(gone ?? refused))
    }
    this.#hasFreshLink = true
    link.expire()
    settings.onProgress?.({ _tag: "LinkExpired", ref, bytes: this.#offset })
    return this.#connect
  }

  #ridingOut<A, E extends TransferError | Cause.Done>(effect: Effect.Effect<A, E | Trouble>) {
    const ride: Effect.Effect<A, E | TransferError> = Effect.catchIf(effect, isTrouble, (trouble) =>
      Effect.andThen(this.#recover(trouble), ride)
    )
    return ride
  }

  /** Waits until the transfer may go on, or ends it. Trouble counts as long as nothing comes in between. */
  #recover(trouble: Trouble): Effect.Effect<void, DownloadError> {
    const { policy, ref, settings, startOver } = this.#options
    const { floor, issue } = trouble
    this.close()
    this.#failures += 1
    if (this.#failures > settings.retries) return Effect.fail(this.#error("interrupted", issue, trouble))
    if (this.#offset > 0 && this.#file?.validator === null && startOver === undefined) {
      return Effect.fail(this.#error("interrupted", `${issue}, and nothing was told to resume it by`, trouble))
    }
    if (floor > Duration.toMillis(policy.maxElapsedTime)) {
      return Effect.fail(this.#error("interrupted", `${issue} and asks for a pause of ${timeText(floor)}`, trouble))
    }
    return Effect.flatMap(Effect.all([Random.next, Clock.currentTimeMillis]), ([random, now]) => {
      const spread = random * Duration.toMillis(RetryPolicy.jitter)
      const pause = Math.max(RetryPolicy.backoff(policy, this.#failures - 1), floor) + spread
      if (now + pause > settings.deadline) return Effect.fail(this.#late(trouble.host, trouble.cause))
      settings.onProgress?.({ _tag: "Interrupted", ref, bytes: this.#offset, reason: issue, pause })
      return Effect.sleep(pause)
    })
  }

  #unanswered(failure: NoFileResponse): DownloadError | Trouble {
    const { host } = failure
    const { mask } = this.#options
    switch (failure._tag) {
      case "Broken":
        return trouble(host, `no answer came (${mask.text(failure.reason)})`, { cause: mask.cause(failure.cause) })
      case "Silent":
        return this.#silent(host, failure.silence)
      case "Misled":
        return this.#error("unsafe-link", failure.issue, failure)
    }
  }

  #silent(host: string, silence: Silence): DownloadError | Trouble {
    const { stallTimeout } = this.#options.settings
    return silence === "late" ? this.#late(host) : trouble(host, `no byte came for ${timeText(stallTimeout)}`)
  }

  #late(host: string, cause: unknown = null): DownloadError {
    return this.#error("timeout", `it takes longer than ${timeText(this.#options.settings.timeout)}`, { host, cause })
  }

  #tooLarge(host: string): DownloadError {
    const issue = `it is larger than the ${this.#options.settings.maxBytes} bytes that are allowed`
    return this.#error("too-large", issue, { host })
  }

  #end(error: DownloadError): Effect.Effect<never, DownloadError> {
    this.close()
    return Effect.fail(error)
  }

  #error(
    reason: DownloadError["reason"],
    issue: string,
    where: { readonly host: string; readonly status?: number | null; readonly cause?: unknown } | null = null
  ): DownloadError {
    return new DownloadError({
      ref: this.#options.ref,
      reason,
      issue,
      host: where?.host ?? null,
      status: where?.status ?? null,
      bytes: this.#offset,
      size: this.#file?.size ?? null,
      cause: where?.cause ?? null
    })
  }
}

/** What storages answer once a link's time is over: most 403, some 404 or 410, and 400 when the key that signed it has expired. */
const linkExpired: ReadonlySet<number> = new Set([400, 403, 404, 410])
