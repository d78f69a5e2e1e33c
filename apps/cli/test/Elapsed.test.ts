import { describe, expect, it } from "@effect/vitest"
import { elapsedText, remainingText } from "../src/text/Elapsed.ts"

describe("times of a display", () => {
  it.each([
    [-5, "0 s"],
    [0, "0 s"],
    [999, "0 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [3_599_999, "59 min"],
    [86_399_999, "23 h"],
    [864_000_000, "10 d"]
  ])("%i ms have elapsed", (milliseconds, text) => {
    expect(elapsedText(milliseconds)).toBe(text)
  })

  it.each([
    [0, "1 s"],
    [59_999, "59 s"],
    [3_599_999, "59 min"],
    [3_600_000, "1 h"],
    [35_940_000, "9 h 59 min"],
    [86_399_000, "24 h"],
    [82_800_000, "23 h"]
  ])("%i ms are left", (milliseconds, text) => {
    expect(remainingText(milliseconds)).toBe(text)
  })
})
