import { describe, expect, it } from "@effect/vitest"
import { type DownloadEvent, JobSnapshot } from "@ttd-jobs/core"
import { displayWidth } from "effect/cli/CliOutput"
import fc from "fast-check"
import { glyphsFor } from "../src/display/Glyphs.ts"
import { speedOf, type Transferring, transferLine, transferNote } from "../src/saving/TransferText.ts"

const glyphs = glyphsFor({ hasUnicode: true })
const plain = (_: unknown, text: string) => text
const file = {
  size: 60_000_000,
  contentType: null,
  contentDisposition: null,
  linkName: null,
  validator: null,
  digest: null
}
const halfway: Transferring = {
  name: "campaigns.csv",
  bytes: 30_000_000,
  size: 60_000_000,
  samples: [
    { at: 0, bytes: 20_000_000 },
    { at: 2000, bytes: 30_000_000 }
  ]
}

describe("the line of a transfer", () => {
  it("tells name, progress, bytes, speed and what is left", () => {
    expect(transferLine(halfway, 80, plain, glyphs)).toBe(
      "campaigns.csv  █████████▌░░░░░░░░░  50%  30 MB of 60 MB     5 MB/s  6 s left"
    )
  })

  it("tells bytes and speed where the size is not known", () => {
    expect(transferLine({ ...halfway, size: null }, 80, plain, glyphs)).toBe("campaigns.csv  30 MB     5 MB/s")
  })

  it("is never wider than the columns but one, and keeps the bytes longest", () => {
    const bytes = fc.integer({ min: 0, max: 2 ** 45 })
    const transfer = fc.record({
      name: fc.constantFrom("a", "報告書".repeat(20), "campaigns 2026.csv"),
      bytes,
      size: fc.option(bytes),
      samples: fc.array(fc.record({ at: fc.nat(), bytes }), { maxLength: 5 })
    })
    fc.assert(
      fc.property(transfer, fc.integer({ min: 2, max: 200 }), (transfer, columns) => {
        const line = transferLine(transfer, columns, plain, glyphs)
        expect(displayWidth(line)).toBeLessThan(columns)
        if (columns > 40) expect(line).toContain("B")
      })
    )
  })
})

describe("the speed of a transfer", () => {
  it("is what came between the first and the last look, once there is enough to tell", () => {
    expect(speedOf([])).toBeUndefined()
    expect(
      speedOf([
        { at: 0, bytes: 0 },
        { at: 100, bytes: 9 }
      ])
    ).toBeUndefined()
    expect(
      speedOf([
        { at: 0, bytes: 100 },
        { at: 200, bytes: 150 },
        { at: 1000, bytes: 600 }
      ])
    ).toBe(500)
  })
})

describe("the notes of a transfer", () => {
  const ref = "standard:412651"
  const noteOf = (event: DownloadEvent) => transferNote(event, Date.parse("2026-11-23T21:00:00Z"))

  it("are the events that a person should know of", () => {
    expect(noteOf({ _tag: "Started", ref, file, bytes: 0 })).toBeUndefined()
    expect(noteOf({ _tag: "Progress", ref, bytes: 1, size: null })).toBeUndefined()
    expect(noteOf({ _tag: "Started", ref, file, bytes: 30_000_000 })).toBe(
      "resuming standard:412651 after 30 MB of 60 MB"
    )
    expect(noteOf({ _tag: "Interrupted", ref, bytes: 9_000_000, reason: "the connection broke", pause: 1500 })).toBe(
      "warning: standard:412651: interrupted after 9 MB (the connection broke); resuming in 1 s"
    )
    expect(noteOf({ _tag: "Interrupted", ref, bytes: 9_000_000, reason: "ECONNRESET", pause: 0 })).toMatch(
      /; resuming at once$/
    )
    expect(noteOf({ _tag: "LinkExpired", ref, bytes: 0 })).toMatch(/link .* expired/)
    expect(noteOf({ _tag: "StartedOver", ref, file })).toMatch(/starting over/)
  })

  it("say of a result that expires the same as the job's status", () => {
    const expiringAt = (expiresAt: string) =>
      JobSnapshot.fromJson({
        ref,
        kind: "standard",
        id: "412651",
        phase: "succeeded",
        status: "Success",
        completionPercentage: 100,
        createdAt: "2026-11-22T20:49:00.000Z",
        completedAt: "2026-11-22T20:59:00.000Z",
        expiresAt,
        result: null,
        errors: []
      })
    const expiry = (expiresAt: string) => noteOf({ _tag: "ExpiresSoon", ref, snapshot: expiringAt(expiresAt), left: 0 })
    expect(expiry("2026-11-23T21:05:00.000Z")).toBe("warning: standard:412651: the result expires in 5 min")
    expect(expiry("2026-11-23T20:59:00.000Z")).toBe("warning: standard:412651: the result may have expired already")
  })
})
