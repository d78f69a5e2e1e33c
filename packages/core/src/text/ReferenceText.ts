/**
 * What is wrong with a job reference, in words.
 *
 * @module
 */
import { type JobKindTraits, type JobRefProblem, jobKindNames, jobKinds, parseJobRef } from "../model/index.ts"

/** The forms of a job reference: `standard:<int64>, graphql-query:<id>, graphql-bulk:<id> or an integer`. */
export const referenceForms = (): string =>
  `${jobKindNames.map((kind) => `${kind}:<${idOf(jobKinds[kind])}>`).join(", ")} or an integer`

const idOf = ({ id }: JobKindTraits) => (id === "int64" ? id : "id")

/** Why a job reference was not understood, and what is expected instead. */
export const referenceProblemText = (input: string, problem: JobRefProblem): string => {
  const name = input.slice(0, input.indexOf(":"))
  const texts: Readonly<Record<JobRefProblem, string>> = {
    type: "it is not a text, a number, a bigint or { kind, id }",
    "no-kind": "it has no kind",
    "unknown-kind": `unknown kind ${JSON.stringify(name)}`,
    "not-integer": "the id must be an integer",
    "not-int64": "the id must be an int64, from -2^63 to 2^63 - 1",
    "unsafe-number": "not a safe integer; above 2^53 - 1 pass a string or a bigint",
    "empty-id": "the id is empty",
    "path-id": "this id would change the path of the request",
    "malformed-id": "the id is not well-formed Unicode"
  }
  return `${texts[problem]} (expected ${referenceForms()})`
}

/** The reference that was probably meant: the same in lower case and without spaces; undefined when that is none either. */
export const suggestedReference = (input: string): string | undefined => {
  const corrected = input.trim().toLowerCase()
  return parseJobRef(corrected).ok ? corrected : undefined
}
