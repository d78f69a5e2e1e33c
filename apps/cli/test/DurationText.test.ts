import { describe, expect, it } from "@effect/vitest"
import { durationText } from "../src/text/DurationText.ts"

describe("durations as people read them", () => {
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
