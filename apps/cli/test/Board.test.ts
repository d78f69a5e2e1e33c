import { describe, expect, it } from "@effect/vitest"
import { JobPhase, JobSnapshot } from "@ttd-jobs/core"
import { displayWidth } from "effect/cli/CliOutput"
import fc from "fast-check"
import { type BoardJob, boardLines, seen } from "../src/display/Board.ts"

const now = Date.parse("2026-11-23T21:00:00Z")

interface Known {
  readonly ref?: string
  readonly phase?: JobPhase
  readonly percentage?: number | null
  readonly errors?: ReadonlyArray<string>
}

const snapshot = ({ errors = [], percentage = null, phase = "running", ref = "standard:412651" }: Known) =>
  JobSnapshot.fromJson({
    ref,
    kind: "standard",
    id: ref.slice(9),
    phase,
    status: "Rescheduled",
    completionPercentage: percentage,
    createdAt: "2026-11-23T20:49:00.000Z",
    completedAt: null,
    expiresAt: null,
    result: null,
    errors
  })

const jobOf = (known: Known): BoardJob => seen({ ref: known.ref ?? "standard:412651" }, snapshot(known), now)

const view = {
  now,
  startedAt: now - 65_000,
  columns: 80,
  rows: 24,
  refWidth: 28,
  paint: (_: unknown, text: string) => text
}

const anyJob: fc.Arbitrary<BoardJob> = fc.oneof(
  fc
    .record({
      ref: fc.constantFrom("standard:1", "standard:9223372036854775807", "graphql-query:報告書"),
      phase: fc.constantFrom(...JobPhase.literals),
      percentage: fc.option(fc.float({ min: 0, max: 100, noNaN: true })),
      errors: fc.array(fc.constantFrom("Column 7 is no date", "列7は日付ではありません".repeat(9)), { maxLength: 2 })
    })
    .map(jobOf),
  fc.constantFrom<BoardJob>(
    { ref: "standard:2" },
    { ref: "standard:3", trouble: { text: "no answer (ECONNRESET); asking again", metAt: now } },
    { ref: "standard:4", failure: "404 Not Found" }
  )
)

describe("the board", () => {
  it("never has more lines than rows but one, nor a line wider than the columns but one", () => {
    const size = fc.record({ columns: fc.integer({ min: 2, max: 200 }), rows: fc.integer({ min: 2, max: 50 }) })
    fc.assert(
      fc.property(fc.array(anyJob, { minLength: 1, maxLength: 70 }), size, (jobs, size) => {
        const lines = boardLines(jobs, { ...view, ...size })
        expect(lines.length).toBeLessThanOrEqual(size.rows - 1)
        for (const line of lines) expect(displayWidth(line)).toBeLessThan(size.columns)
      })
    )
  })

  it("counts every job in its last line, whether it is shown or not", () => {
    fc.assert(
      fc.property(fc.array(anyJob, { minLength: 1, maxLength: 70 }), (jobs) => {
        const summary = boardLines(jobs, { ...view, columns: 300 }).at(-1) ?? ""
        const [, ended, all, counts = ""] = /^(\d+) of (\d+) ended in 1 min: (.*)$/.exec(summary) ?? []
        expect(Number(all)).toBe(jobs.length)
        expect(Number(ended)).toBeLessThanOrEqual(jobs.length)
        const sum = Array.from(counts.matchAll(/\d+/g), ([count]) => Number(count)).reduce((a, b) => a + b, 0)
        expect(sum).toBe(jobs.length)
      })
    )
  })

  it("folds jobs that have ended well before those that run or failed", () => {
    const succeeded = Array.from({ length: 50 }, (_, id) => jobOf({ ref: `standard:${id + 100}`, phase: "succeeded" }))
    const jobs = [...succeeded, jobOf({ ref: "standard:1" }), jobOf({ ref: "standard:2", phase: "failed" })]
    const text = boardLines(jobs, view).join("\n")
    expect(text).toContain("standard:1 ")
    expect(text).toContain("standard:2 ")
    expect(text).toMatch(/and 33 more: 33 succeeded/)
    // Those that are shown keep the order in which they were asked for.
    expect(text.indexOf("standard:100")).toBeLessThan(text.indexOf("standard:1 "))
  })

  it("shows why a job failed, why it is not known, and what the last poll met", () => {
    const jobs = [
      jobOf({ ref: "standard:1", phase: "failed", errors: ["Column 7\u001b[31m is no date"] }),
      { ref: "standard:2", failure: "404 Not Found" },
      { ...jobOf({ ref: "standard:3" }), trouble: { text: "no answer (ECONNRESET); asking again", metAt: now } }
    ]
    const text = boardLines(jobs, view).join("\n")
    expect(text).toContain("    Column 7 is no date")
    expect(text).toContain("404 Not Found")
    expect(text).toContain("no answer (ECONNRESET); asking again")
    expect(text).not.toContain("\u001b")
  })

  it("shows what polls meet once for all where there is no room to note it for each", () => {
    const trouble = { text: "no answer (ECONNREFUSED); asking again", metAt: now }
    const jobs = Array.from({ length: 60 }, (_, id): BoardJob => ({ ref: `standard:${id}`, trouble }))
    expect(boardLines(jobs, view).filter((line) => line.includes("ECONNREFUSED"))).toEqual([
      "  60 jobs: no answer (ECONNREFUSED); asking again"
    ])
  })

  it("takes trouble for passed that was met minutes ago and not again", () => {
    const trouble = { text: "503; asking again", metAt: now }
    const textLater = (minutes: number, count: number) => {
      const jobs = Array.from({ length: count }, (_, id) => ({ ...jobOf({ ref: `standard:${id}` }), trouble }))
      return boardLines(jobs, { ...view, now: now + minutes * 60_000 }).join("\n")
    }
    for (const count of [1, 60]) {
      expect(textLater(1, count)).toContain("503; asking again")
      expect(textLater(3, count)).not.toContain("503; asking again")
    }
  })

  it("estimates what is left from the progress since a job was first seen", () => {
    const first = seen({ ref: "standard:1" }, snapshot({ percentage: 20 }), now - 60_000)
    expect(boardLines([first], view).join("\n")).not.toContain("left")
    const later = seen(first, snapshot({ percentage: 40 }), now)
    // 20 % a minute, 60 % to go.
    expect(boardLines([later], view).join("\n")).toContain("about 3 min left")
    // Between polls it counts down, and when the job should have ended it says nothing any more.
    const minutesLater = (minutes: number) => boardLines([later], { ...view, now: now + minutes * 60_000 }).join("\n")
    expect(minutesLater(1)).toContain("about 2 min left")
    expect(minutesLater(3)).not.toContain("left")
    // Progress that goes back starts the estimate anew.
    const back = seen(later, snapshot({ percentage: 10 }), now)
    expect(boardLines([back], view).join("\n")).not.toContain("left")
    expect(boardLines([seen(later, snapshot({ phase: "succeeded" }), now)], view).join("\n")).not.toContain("left")
  })

  it("shows the server's own word where the phase is not known", () => {
    expect(boardLines([jobOf({ phase: "unknown" })], view).join("\n")).toContain("Rescheduled")
  })
})
