/**
 * The jobs that a command line names: its arguments, and the lines of standard input where it says `-`.
 *
 * @module
 */
import { JobKind, JobRef } from "@ttd-jobs/core"
import { Effect } from "effect"
import { UsageError } from "../exit/Failure.ts"
import { didYouMean, nearest } from "./DidYouMean.ts"
import { Environment } from "./Environment.ts"

/**
 * Reads every reference, in the order given, each job once. In standard input, blank lines and lines that begin with `#` are
 * left out. Nothing is asked for before all of them are known to be references.
 */
export const readReferences = Effect.fnUntraced(function* (
  operands: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<JobRef>, UsageError, Environment> {
  const refs = new Map<string, JobRef>()
  let fromStdin: string | undefined
  for (const operand of operands) {
    if (operand !== "-") {
      const ref = yield* readReference(operand)
      refs.set(String(ref), ref)
      continue
    }
    if (fromStdin !== undefined) {
      return yield* new UsageError({ message: "- is given twice", advice: "Standard input can be read only once." })
    }
    const { readStdin } = yield* Environment
    fromStdin = yield* readStdin
    for (const [index, line] of fromStdin.split("\n").entries()) {
      const text = line.trim()
      if (text === "" || text.startsWith("#")) continue
      const ref = yield* readReference(text, `standard input, line ${index + 1}: `)
      refs.set(String(ref), ref)
    }
    if (refs.size === 0) {
      return yield* new UsageError({
        message: "standard input holds no references",
        advice: "Give one per line, such as standard:412651."
      })
    }
  }
  return [...refs.values()]
})

/** Reads one reference; `place` says where it stands, for the message. */
export const readReference = (text: string, place = ""): Effect.Effect<JobRef, UsageError> =>
  Effect.mapError(Effect.fromResult(JobRef.parse(text)), ({ advice, message: problem }) => {
    const [kind = "", ...id] = text.split(":")
    const meant =
      id.length === 0 || kinds.includes(kind) ? [] : nearest(kind, kinds).map((near) => `${near}:${id.join(":")}`)
    const message = `${place}${problem}${didYouMean(meant)}`
    return new UsageError({ message, advice })
  })

const kinds: ReadonlyArray<string> = [...JobKind.literals, "graphql"]
