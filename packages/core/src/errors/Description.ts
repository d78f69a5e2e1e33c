/**
 * The words of errors themselves: those for functions.
 *
 * @module
 */
import type { TtdJobsErrorData } from "../model/index.ts"
import { describeError } from "../text/index.ts"
import { functionVocabulary } from "../text/Vocabularies.ts"

/** What failed and why. */
export const messageOf = (error: TtdJobsErrorData): string => describeError(error, functionVocabulary).message

/** What to do. */
export const adviceOf = (error: TtdJobsErrorData): string => functionVocabulary.advice(error)
