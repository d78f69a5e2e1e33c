/**
 * What a word with a slip of the finger may have been meant to be.
 *
 * @module
 */

/** The candidates nearest to a word, if they are near: at most two letters added, left out or changed. */
export const nearest = (word: string, candidates: ReadonlyArray<string>): ReadonlyArray<string> => {
  const distances = candidates.map((candidate) => distance(word, candidate))
  const least = Math.min(...distances)
  // Two changes turn almost any very short word into any other.
  return least > Math.min(2, word.length - 2) ? [] : candidates.filter((_, index) => distances[index] === least)
}

/** `; did you mean A or B?`, to be put behind what is wrong; empty when nothing is near. */
export const didYouMean = (suggestions: ReadonlyArray<string>): string =>
  suggestions.length === 0 ? "" : `; did you mean ${suggestions.join(" or ")}?`

/** Levenshtein's distance, row by row. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [above, letter] of [...from].entries()) {
    const next = [above + 1]
    for (let index = 0; index < to.length; index++) {
      const changed = (row[index] ?? 0) + (letter === to[index] ? 0 : 1)
      next.push(Math.min(changed, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
