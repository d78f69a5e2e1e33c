/**
 * Words for people: durations, sizes, percentages, phases, progress and errors, in plain TypeScript without Effect.
 *
 * @module
 */
export { formatDuration } from "./Durations.ts"
export { describeError, type ErrorDescription, type Vocabulary } from "./ErrorText.ts"
export { excerpt } from "./Excerpt.ts"
export { formatBytes, formatPercentage } from "./Quantities.ts"
export { phaseText, progressText } from "./StateText.ts"
