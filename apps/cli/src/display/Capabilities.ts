/**
 * What a stream can show: colours, lines that are redrawn, characters beyond ASCII.
 *
 * @module
 */

/** What a stream can show. */
export interface Capabilities {
  /** Whether colours are wanted. */
  readonly hasColor: boolean
  /** Whether lines that were written can be written over. */
  readonly canRedraw: boolean
  /** Whether bars, spinners and check marks can be drawn with characters beyond ASCII. */
  readonly hasUnicode: boolean
}

/** What decides about it. */
export interface StreamFacts {
  readonly isTerminal: boolean
  /** `--no-color`. */
  readonly noColor: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * `NO_COLOR` (or `--no-color`) removes colours only; `TERM=dumb` and `CI` also the live display. `FORCE_COLOR` asks for colours in `CI` and
 * in pipes. Only a terminal is ever redrawn.
 */
export const capabilitiesOf = ({ env, isTerminal, noColor }: StreamFacts): Capabilities => {
  const isDumb = env["TERM"] === "dumb"
  const canRedraw = isTerminal && !isDumb && !isOn(env["CI"])
  const isColorless = noColor || isSet(env["NO_COLOR"]) || isDumb
  return {
    hasColor: !isColorless && (canRedraw || isOn(env["FORCE_COLOR"])),
    canRedraw,
    hasUnicode: hasUnicode(env)
  }
}

const isSet = (value: string | undefined) => value !== undefined && value !== ""
const isOn = (value: string | undefined) => isSet(value) && value !== "0" && value !== "false"

/** The Linux console has few characters. A locale that is set counts; without one (containers) the terminal is taken for a modern one. */
const hasUnicode = (env: StreamFacts["env"]): boolean => {
  if (env["TERM"] === "linux") return false
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find(isSet)
  return locale === undefined || /utf-?8/i.test(locale)
}
