/**
 * The errors that end a command.
 *
 * @module
 */
import type {
  DownloadError,
  InvalidJobRefError,
  InvalidSettingError,
  JobFailedError,
  RequestError,
  ResultUnavailableError,
  WaitTimeoutError
} from "@ttd-jobs/core"
import { Effect, Schema } from "effect"
import type { OutputError } from "../display/Streams.ts"

/** The command line, the environment or standard input is invalid. */
export class UsageError extends Schema.TaggedError<UsageError>()("UsageError", {
  message: Schema.String,
  /** What to do. */
  advice: Schema.String
}) {}

/** `--timeout` passed before the command was done. */
export class CommandTimeoutError extends Schema.TaggedError<CommandTimeoutError>()("CommandTimeoutError", {
  /** The time that was allowed, as it was given. */
  timeout: Schema.String
}) {
  override get message(): string {
    return `timed out after ${this.timeout} (--timeout)`
  }
  get advice(): string {
    return "Allow more time; the jobs themselves continue."
  }
}

/** Everything that a command can fail with. */
export type Failure =
  | UsageError
  | CommandTimeoutError
  | OutputError
  | InvalidJobRefError
  | InvalidSettingError
  | RequestError
  | WaitTimeoutError
  | JobFailedError
  | ResultUnavailableError
  | DownloadError

/** Whether the API refused the token: then it is refused for every job. */
export const isUnauthorised = (failure: Failure): boolean =>
  (failure._tag === "ProblemDetailsError" || failure._tag === "ApiError") && failure.status === 401

/** Whether the reader of standard output went away: that needs no message. */
export const isClosedPipe = (failure: Failure): boolean => failure._tag === "OutputError" && failure.isClosedPipe

/** For commands whose exit code matters when nobody reads the output any more. */
export const ignoreClosedPipe = <R>(effect: Effect.Effect<void, OutputError, R>): Effect.Effect<void, OutputError, R> =>
  Effect.catchIf(
    effect,
    (error) => error.isClosedPipe,
    () => Effect.void
  )
