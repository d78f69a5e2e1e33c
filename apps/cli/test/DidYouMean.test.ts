import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { didYouMean, nearest } from "../src/input/DidYouMean.ts"

const kinds = ["standard", "graphql-query", "graphql-bulk", "graphql"]

describe("what a word may have been meant to be", () => {
  it("is what is nearest, if it is near", () => {
    expect(nearest("standrad", kinds)).toEqual(["standard"])
    expect(nearest("graphq", kinds)).toEqual(["graphql"])
    expect(nearest("graphql-bluk", kinds)).toEqual(["graphql-bulk"])
    expect(nearest("job", kinds)).toEqual([])
    expect(nearest("ab", ["xy"])).toEqual([])
    expect(nearest("abcd", ["abce", "abcf", "zbcf"])).toEqual(["abce", "abcf"])
  })

  it("finds a word that one letter was added to, left out of or changed in", () => {
    const words = fc.stringMatching(/^[a-z]{4,12}$/)
    const letter = fc.constantFrom("x", "y", "-")
    fc.assert(
      fc.property(words, fc.nat(), letter, fc.constantFrom(0, 1), fc.boolean(), (word, place, letter, out, isAdded) => {
        const at = place % word.length
        const slip = word.slice(0, at) + (isAdded ? letter : "") + word.slice(at + out)
        expect(nearest(slip, [word])).toEqual([word])
      })
    )
  })

  it("is said behind the mistake", () => {
    expect(didYouMean(["a", "b"])).toBe("; did you mean a or b?")
    expect(didYouMean([])).toBe("")
  })
})
