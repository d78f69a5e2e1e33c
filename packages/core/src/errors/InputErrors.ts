/**
 * Errors of what a caller passed: a job reference, a setting.
 *
 * @example
 * ```ts
 * import { createClient, InvalidJobRefError, InvalidSettingError } from "@ttd-jobs/core/promise"
 *
 * try {
 *   await using client = createClient({ concurrency: 9 })
 *   await client.get("report 7")
 * } catch (error) {
 *   if (error instanceof InvalidSettingError) console.log(error.message) // Invalid integer "9" for concurrency: expected …
 *   else if (error instanceof InvalidJobRefError) console.log(error.reason, error.advice)
 *   else throw error
 * }
 * ```
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { settingKinds } from "../model/ErrorData.ts"
import { jobRefProblems } from "../model/References.ts"
import { adviceOf, messageOf } from "./Description.ts"
import { printable } from "./Printing.ts"
import { isTransient } from "./Transience.ts"

/** A job reference that was not understood. */
export class InvalidJobRefError extends Schema.TaggedError<InvalidJobRefError>()("InvalidJobRefError", {
  /** What was given, at most 200 characters of it. */
  input: Schema.String,
  /**
   * What is wrong with it. `not-a-reference`: neither a text, a number, a bigint nor an object with `kind` and `id`. `no-kind`: a text
   * without a kind that is not an integer. `unknown-kind`: there is no such kind of job. `id-not-an-integer`, `id-not-an-int64`: the id of a
   * standard job. `unsafe-integer`: a number that JavaScript may have rounded. `empty-id`, `id-changes-the-path`, `malformed-id`: the id of
   * another job.
   */
  reason: Schema.Literals(jobRefProblems)
}) {
  static {
    printable(InvalidJobRefError)
  }
  override get message(): string {
    return messageOf(this)
  }
  /** What to do. */
  get advice(): string {
    return adviceOf(this)
  }
  /** Whether the same call may succeed a moment later: never. */
  get transient(): boolean {
    return isTransient(this)
  }
}

/** A setting that cannot be used: a server, a token, a duration, a number out of range. */
export class InvalidSettingError extends Schema.TaggedError<InvalidSettingError>()("InvalidSettingError", {
  /** The setting's name, such as `timeout`, `retry.exponent` or `poll.interval`. */
  setting: Schema.String,
  /** What kind of value it takes. */
  kind: Schema.Literals(settingKinds),
  /** What was given, at most 100 characters of it; null where it may be secret. */
  value: Schema.NullOr(Schema.String),
  /** What is expected instead, such as `an integer from 1 to 4`. */
  expected: Schema.String
}) {
  static {
    printable(InvalidSettingError)
  }
  override get message(): string {
    return messageOf(this)
  }
  /** What to do. */
  get advice(): string {
    return adviceOf(this)
  }
  /** Whether the same call may succeed a moment later: never. */
  get transient(): boolean {
    return isTransient(this)
  }
}
