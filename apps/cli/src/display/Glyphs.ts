/**
 * The characters that tables, bars and spinners are drawn with: Unicode, or ASCII where the terminal cannot do more.
 *
 * @module
 */
import type { JobPhase } from "@ttd-jobs/core"

/** A set of characters, each one column wide. */
export interface Glyphs {
  /** A sign for each phase, for those who see no colours. */
  readonly phases: Readonly<Record<JobPhase, string>>
  readonly failure: string
  readonly success: string
  /** What a bar consists of: the full part, the part of a character at its end (finest first), the rest. */
  readonly bar: { readonly full: string; readonly parts: ReadonlyArray<string>; readonly empty: string }
  readonly spinner: ReadonlyArray<string>
  /** Marks where a text was cut. */
  readonly ellipsis: string
  readonly separator: string
}

const unicode: Glyphs = {
  phases: {
    queued: "·",
    running: "▸",
    succeeded: "✓",
    "partially-succeeded": "!",
    failed: "✗",
    cancelled: "✗",
    expired: "○",
    unknown: "?"
  },
  failure: "✗",
  success: "✓",
  bar: { full: "█", parts: ["▏", "▎", "▍", "▌", "▋", "▊", "▉"], empty: "░" },
  spinner: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
  ellipsis: "…",
  separator: "·"
}

const ascii: Glyphs = {
  phases: {
    queued: ".",
    running: ">",
    succeeded: "+",
    "partially-succeeded": "!",
    failed: "x",
    cancelled: "x",
    expired: "o",
    unknown: "?"
  },
  failure: "x",
  success: "+",
  bar: { full: "#", parts: [], empty: "." },
  spinner: ["|", "/", "-", "\\"],
  ellipsis: "~",
  separator: "|"
}

/** The characters for a stream. */
export const glyphsFor = ({ hasUnicode }: { readonly hasUnicode: boolean }): Glyphs => (hasUnicode ? unicode : ascii)

/** A bar of a percentage, as fine as the characters allow; full at 100 only. */
export const bar = (percentage: number, width: number, { bar: { empty, full, parts } }: Glyphs): string => {
  const steps = parts.length + 1
  const filled = Math.floor((percentage / 100) * width * steps)
  const drawn = full.repeat(Math.floor(filled / steps)) + (parts[(filled % steps) - 1] ?? "")
  return drawn + empty.repeat(width - drawn.length)
}
