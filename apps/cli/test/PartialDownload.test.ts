import { expect, it } from "@effect/vitest"
import { makePartialDownload } from "../src/saving/PartialDownload.ts"

const ref = "standard:412651"
const validator = { header: "etag", value: '"a"' } as const
const file = { size: 50_000_000, contentType: null, contentDisposition: null, linkName: null, validator, digest: null }

it("C8 what is kept of an interrupted download is said only where something is kept", () => {
  const hintAfter = (bytes: number, { isResumable = true, toStdout = false } = {}) => {
    const partial = makePartialDownload(toStdout)
    const started = { ...file, validator: isResumable ? validator : null }
    partial.handle({ _tag: "Started", ref, file: started, bytes: 0 })
    if (bytes > 0) partial.handle({ _tag: "Progress", ref, bytes, size: file.size })
    return partial.resumeHint()
  }
  expect(makePartialDownload(false).resumeHint()).toBe("Nothing was downloaded yet. To run it again:")
  expect(hintAfter(8_000_000)).toBe("8 MB of 50 MB are kept. To resume:")
  for (const nothing of [
    hintAfter(0),
    hintAfter(8_000_000, { isResumable: false }),
    hintAfter(8_000_000, { toStdout: true })
  ]) {
    expect(nothing).toBe("To start again:")
  }
})
