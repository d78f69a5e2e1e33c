import { describe, expect, it } from "@effect/vitest"
import { Duration, Option } from "effect"
import fc from "fast-check"
import { durationText, parseDuration } from "../src/text/DurationText.ts"

const millis = (text: string) => Option.map(parseDuration(text), Duration.toMillis)

describe("times as people type them", () => {
  it.each([
    ["500ms", 500],
    ["90s", 90_000],
    ["5m", 300_000],
    ["2h", 7_200_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    ["1d", 86_400_000],
    ["0s", 0]
  ])("%s", (text, expected) => {
    expect(millis(text)).toEqual(Option.some(expected))
  })

  it.each(["", "90", "s", "1 s", "-1s", "30m1h", "1h1h", "1.s", ".5s", "1e3s", "Infinity", "2 hours", "1S"])(
    "%j is none",
    (text) => {
      expect(millis(text)).toEqual(Option.none())
    }
  )

  it("adds up its units", () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(9), fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(999)), ([d, h, m, s, ms]) => {
        const sum = (((d * 24 + h) * 60 + m) * 60 + s) * 1000 + ms
        expect(millis(`${d}d${h}h${m}m${s}s${ms}ms`)).toEqual(Option.some(sum))
      })
    )
  })
})

describe("times as people read them", () => {
  it.each([
    [-5, "0 s"],
    [0, "0 s"],
    [999, "0 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [3_599_999, "59 min"],
    [86_399_999, "23 h"],
    [86_400_000, "1 d"],
    [864_000_000, "10 d"]
  ])("%i ms", (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text)
  })
})
