import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { parseDuration } from "../src/input/Flag.ts"

describe("durations as people type them", () => {
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
    expect(parseDuration(text)).toBe(expected)
  })

  it.each(["", "90", "s", "1 s", "-1s", "30m1h", "1h1h", "1.s", ".5s", "1e3s", "Infinity", "2 hours", "1S"])(
    "%j is none",
    (text) => {
      expect(parseDuration(text)).toBeUndefined()
    }
  )

  it("adds up its units", () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(9), fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(999)), ([d, h, m, s, ms]) => {
        const sum = (((d * 24 + h) * 60 + m) * 60 + s) * 1000 + ms
        expect(parseDuration(`${d}d${h}h${m}m${s}s${ms}ms`)).toBe(sum)
      })
    )
  })
})
