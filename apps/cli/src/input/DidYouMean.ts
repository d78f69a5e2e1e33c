/**
 * Suggestions for a misspelled word.
 *
 * @module
 */

/**
 * The candidates nearest to a word, whatever its case, if they are near: at most two letters added, left out or changed. None when
 * more than two are equally near, because then none is.
 */
export const nearest = (word: string, candidates: ReadonlyArray<string>): ReadonlyArray<string> => {
  const distances = candidates.map((candidate) => distance(word.toLowerCase(), candidate))
  const least = Math.min(...distances)
  // Two changes turn almost any very short word into any other.
  if (least > Math.min(2, word.length - 2)) return []
  const found = candidates.filter((_, index) => distances[index] === least)
  return found.length > 2 ? [] : found
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
