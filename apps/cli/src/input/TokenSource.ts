/**
 * Where the token comes from: the environment, a file, or standard input. Never the command line, which every user of the
 * machine can read and shells keep.
 *
 * @module
 */
import { Effect, Redacted } from "effect"
import { UsageError } from "../exit/Failure.ts"
import type { SettingsOptions } from "./Commands.ts"
import { Environment } from "./Environment.ts"

/** The environment variable that holds the token. */
export const tokenVariable = "WORKFLOWS_TTD_AUTH"

/** A token, and where it came from, for the messages. */
export interface Token {
  readonly value: Redacted.Redacted<string>
  readonly source: string
}

/** The token of an invocation, undefined when there is none. */
export const readToken = Effect.fnUntraced(function* (
  operands: ReadonlyArray<string>,
  { tokenFile: file, tokenStdin }: SettingsOptions
): Effect.fn.Return<Token | undefined, UsageError, Environment> {
  const { env, readFile, readSecret } = yield* Environment
  if (tokenStdin) {
    const rival = file !== undefined ? "--token-file" : operands.includes("-") ? "references from -" : undefined
    if (rival !== undefined) {
      return yield* new UsageError({
        message: `--token-stdin and ${rival} exclude each other`,
        advice: "Use only one."
      })
    }
    return tokenOf(yield* readSecret("Token (not shown): "), "standard input")
  }
  if (file !== undefined) return tokenOf(yield* readFile(file), `the file ${file}`)
  const value = env[tokenVariable]
  return value === undefined || value === "" ? undefined : tokenOf(value, tokenVariable)
})

const tokenOf = (text: string, source: string): Token => ({ value: Redacted.make(text, { label: "TTD-Auth" }), source })
