/**
 * The jobs that a command line names: its arguments, and the lines of standard input where it says `-`.
 *
 * @module
 */
import { JobKind, JobRef } from "@ttd-jobs/core"
import { Effect, Result } from "effect"
import { UsageError } from "../exit/Failure.ts"
import { didYouMean, nearest } from "./DidYouMean.ts"
import { Environment } from "./Environment.ts"

/**
 * Reads every reference, in the order given, each job once. In standard input, blank lines and comments (`#` at the beginning of a line,
 * or after white space) are left out. All invalid references are reported at once, before any request.
 */
export const readReferences = Effect.fnUntraced(function* (
  operands: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<JobRef>, UsageError, Environment> {
  if (operands.filter((operand) => operand === "-").length > 1) {
    return yield* new UsageError({ message: "- is given twice", advice: "Standard input can be read only once." })
  }
  const refs = new Map<string, JobRef>()
  const mistakes: Array<Mistake> = []
  const add = (text: string, place: string) =>
    Result.match(parseReference(text), {
      onSuccess: (ref) => refs.set(String(ref), ref),
      onFailure: (mistake) => mistakes.push({ ...mistake, message: place + mistake.message })
    })
  for (const operand of operands) {
    if (operand !== "-") {
      add(operand, "")
      continue
    }
    const { readStdin } = yield* Environment
    const lines = (yield* readStdin("references")).split("\n").map(withoutComment)
    for (const [index, line] of lines.entries()) if (line !== "") add(line, `standard input, line ${index + 1}: `)
    if (lines.every((line) => line === "")) {
      return yield* new UsageError({
        message: "standard input holds no references",
        advice: "Give one per line, such as standard:412651."
      })
    }
  }
  return mistakes.length === 0 ? [...refs.values()] : yield* usageError(mistakes)
})

/** Reads one reference. */
export const readReference = (text: string): Effect.Effect<JobRef, UsageError> =>
  Effect.mapError(Effect.fromResult(parseReference(text)), (mistake) => new UsageError(mistake))

interface Mistake {
  readonly message: string
  readonly advice: string
}

const withoutComment = (line: string) => line.replace(/(?:^|\s)#.*$/s, "").trim()

const parseReference = (text: string): Result.Result<JobRef, Mistake> => {
  // No id holds white space; what does is a line with something else behind the reference.
  if (/\s/.test(text)) {
    const message = `Invalid job reference ${JSON.stringify(text)}: it holds white space`
    return Result.fail({ message, advice: "Give one reference per line or argument; a comment begins with #." })
  }
  return Result.mapError(JobRef.parse(text), ({ advice, message }) => {
    // The library suggests the same reference in lower case; here misspelled kinds are suggestions as well.
    const [kind = "", ...id] = text.split(":")
    const meant =
      id.length === 0 || kinds.includes(kind) ? [] : nearest(kind, kinds).map((near) => `${near}:${id.join(":")}`)
    const general = "Use the kind of job and the id that the submission returned."
    return { message: `${message}${didYouMean(meant)}`, advice: advice.startsWith("Did you mean") ? general : advice }
  })
}

const kinds: ReadonlyArray<string> = [...JobKind.literals, "graphql"]

const usageError = (mistakes: ReadonlyArray<Mistake>) => {
  const [first] = mistakes
  if (first !== undefined && mistakes.length === 1) return new UsageError(first)
  const lines = mistakes.slice(0, maxReported).map(({ message }) => message)
  if (mistakes.length > maxReported) lines.push(`and ${mistakes.length - maxReported} more`)
  return new UsageError({
    message: `${mistakes.length} invalid job references`,
    advice: [...lines, first?.advice ?? ""].join("\n")
  })
}

const maxReported = 50
