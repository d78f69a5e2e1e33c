/**
 * Results as a Markdown table.
 *
 * @module
 */

/** A table from its head and its rows; columns after the first are aligned to the right. */
export const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const lines = [head, ...rows]
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => (line[column] ?? "").length)))
  const row = (cells: ReadonlyArray<string>) =>
    `| ${widths.map((width, column) => pad(cells[column] ?? "", width, column)).join(" | ")} |`
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`
  return [row(head), rule, ...rows.map(row)].join("\n")
}

/** Marks a value that misses its target; `main` fails when a row contains it. */
export const missedMark = ", missed)"

/** A value with its target, and a mark when it is missed: `0.97 (≥ 0.95)`, `0.93 (≥ 0.95, missed)`. */
export const against = (ratio: number, target: number, sense: "≥" | "≤"): string =>
  `${ratio.toFixed(2)} (${sense} ${target}${(sense === "≥" ? ratio >= target : ratio <= target) ? ")" : missedMark}`

const pad = (text: string, width: number, column: number) => (column === 0 ? text.padEnd(width) : text.padStart(width))
