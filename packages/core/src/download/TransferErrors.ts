/**
 * Failures of a transfer: which end it, and which are interruptions.
 *
 * @module
 */
import { connectionProblemOf } from "../errors/ConnectionProblems.ts"
import { DownloadError } from "../errors/Errors.ts"
import type { Redaction } from "../http/Redaction.ts"
import { formatDuration } from "../text/index.ts"
import type { DownloadSettings } from "./DownloadOptions.ts"
import type { FileClientError } from "./FileClient.ts"
import { EncodingError } from "./FileTransport.ts"
import type { Expiry } from "./IdleTimeout.ts"
import { type Interruption, interruption } from "./Interruption.ts"

/** What the errors of a transfer are made of. */
export interface TransferErrorsOptions {
  readonly ref: string
  readonly redaction: Redaction
  readonly settings: DownloadSettings
  /** How far the transfer is. */
  readonly progress: () => Pick<DownloadError, "bytes" | "size">
}

/** Where something went wrong. */
export interface Where {
  readonly host: string
  readonly status?: number | null
  readonly cause?: unknown
}

/** The errors of one transfer. */
export class TransferErrors {
  readonly #options: TransferErrorsOptions
  /** After how many bytes a compressed body was incomplete: after as many again, it is the server's file that is. */
  #incompleteAt: number | undefined

  constructor(options: TransferErrorsOptions) {
    this.#options = options
  }

  of(reason: DownloadError["reason"], issue: string, where: Where | null = null): DownloadError {
    const { progress, ref } = this.#options
    const { cause = null, host = null, status = null } = where ?? {}
    return new DownloadError({ ref, reason, issue, host, status, cause, ...progress() })
  }

  /** There is no response. */
  unreachable(failure: FileClientError): DownloadError | Interruption {
    const { redaction } = this.#options
    switch (failure._tag) {
      case "ConnectionFailed": {
        const { host } = failure
        const cause = redaction.cause(failure.cause)
        const reason = redaction.text(failure.reason)
        return connectionProblemOf(failure.reason).startsWith("certificate-")
          ? this.of("refused", `the server's certificate is not trusted (${reason})`, { host, cause })
          : interruption(host, `no response (${reason})`, { cause })
      }
      case "Expired":
        return this.expired(failure.host, failure.expiry)
      case "UnsafeLink":
        return this.of("unsafe-link", failure.issue, failure)
    }
  }

  /** Reading a body failed. */
  broken(host: string, cause: unknown): DownloadError | Interruption {
    if (!(cause instanceof EncodingError)) {
      return interruption(host, "the connection broke", { cause: this.#options.redaction.cause(cause) })
    }
    const isSamePlace = this.#incompleteAt === cause.received
    this.#incompleteAt = cause.received
    return isSamePlace
      ? this.of("encoding", cause.message, { host, cause })
      : interruption(host, cause.message, { cause })
  }

  /** Waiting for bytes took too long. */
  expired(host: string, expiry: Expiry): DownloadError | Interruption {
    const { idleTimeout } = this.#options.settings
    return expiry === "deadline" ? this.late(host) : interruption(host, `no bytes for ${formatDuration(idleTimeout)}`)
  }

  late(host: string, cause: unknown = null): DownloadError {
    const issue = `not complete after ${formatDuration(this.#options.settings.timeout)}`
    return this.of("timeout", issue, { host, cause })
  }

  tooLarge(host: string): DownloadError {
    return this.of("too-large", `larger than the allowed ${this.#options.settings.maxBytes} bytes`, { host })
  }

  /** `fetch` has decoded a body, and does not show whether its end was there. */
  unverifiable(host: string, encoding: string): DownloadError {
    const issue = `the server compressed it (${encoding}) although asked not to, and over this fetch the end of a compressed body cannot be verified`
    return this.of("encoding", issue, { host })
  }

  /** An interruption that is not retried any more; `issue` says why, too. */
  final(issue: string, interruption: Interruption): DownloadError {
    return this.of(interruption.cause instanceof EncodingError ? "encoding" : "interrupted", issue, interruption)
  }
}
