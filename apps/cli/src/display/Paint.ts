/**
 * Colours, for streams that want them.
 *
 * @module
 */
import { styleText } from "node:util"
import type { JobPhase } from "@ttd-jobs/core"

type Style = Parameters<typeof styleText>[0]

/** Paints a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

/** How to paint on a stream. */
export const paintFor = (stream: { readonly hasColor: boolean }): Paint =>
  stream.hasColor
    ? (style, text) => (text === "" ? "" : styleText(style, text, { validateStream: false }))
    : (_, text) => text

/** The colour of each phase. */
export const phaseStyles: Readonly<Record<JobPhase, Style>> = {
  queued: "dim",
  running: "cyan",
  succeeded: "green",
  "partially-succeeded": "yellow",
  failed: "red",
  cancelled: "red",
  expired: "dim",
  unknown: "yellow"
}
