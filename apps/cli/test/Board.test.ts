import { describe, expect, it } from "@effect/vitest"
import { JobPhase, JobSnapshot } from "@ttd-jobs/core"
import { displayWidth } from "effect/cli/CliOutput"
import fc from "fast-check"
import { boardLines } from "../src/display/Board.ts"
import { type BoardJob, seen } from "../src/display/BoardJob.ts"
import { glyphsFor } from "../src/display/Glyphs.ts"

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
  glyphs: glyphsFor({ hasUnicode: true }),
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
    { ref: "standard:3", problem: { text: "connection reset", at: now } },
    { ref: "standard:5", problem: { text: "503", at: now, pausedUntil: now + 600_000 } },
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
      fc.property(fc.array(anyJob, { minLength: 2, maxLength: 70 }), (jobs) => {
        const summary = boardLines(jobs, { ...view, columns: 300 }).at(-1) ?? ""
        const [, ended, all, counts = ""] =
          /^(?:. 1 min · )?(\d+) of (\d+) ended(?: in 1 min:| ·) (.*)$/.exec(summary) ?? []
        expect(Number(all)).toBe(jobs.length)
        expect(Number(ended)).toBeLessThanOrEqual(jobs.length)
        const sum = Array.from(counts.matchAll(/\d+/g), ([count]) => Number(count)).reduce((a, b) => a + b, 0)
        expect(sum).toBe(jobs.length)
      })
    )
  })

  it("is a row alone for a single job, its problem or errors below it", () => {
    expect(boardLines([jobOf({ percentage: 45 })], view)).toEqual([
      "▸ standard:412651  running     45%  █████████░░░░░░░░░░░  11 min"
    ])
    const failing: BoardJob = { ...jobOf({}), problem: { text: "connection refused", at: now } }
    expect(boardLines([failing], view).slice(1)).toEqual(["    connection refused; retrying"])
    expect(boardLines([jobOf({ phase: "failed", errors: ["No such column"] })], view).slice(1)).toEqual([
      "    No such column"
    ])
  })

  it("keeps the percentage longest in a narrow terminal", () => {
    const jobs = [jobOf({ percentage: 45 }), jobOf({ ref: "standard:9223372036854775807", percentage: 7 })]
    for (const columns of [80, 60, 50, 40, 30, 20]) {
      const text = boardLines(jobs, { ...view, columns }).join("\n")
      expect({ columns, isShown: text.includes("45%") && text.includes(" 7%") }).toEqual({ columns, isShown: true })
    }
    // At 40 columns bar and time are gone, and references that differ look different.
    expect(boardLines(jobs, { ...view, columns: 40 }).slice(0, 3)).toEqual([
      "  JOB                   STATUS     DONE",
      "▸ standard:412651       running     45%",
      "▸ standard:…6854775807  running      7%"
    ])
  })

  it("never lets different references look alike as long as there is any room", () => {
    const ids = fc.uniqueArray(fc.bigInt({ min: 10n ** 18n, max: 10n ** 18n + 400n }), { minLength: 2, maxLength: 9 })
    fc.assert(
      fc.property(ids, fc.integer({ min: 40, max: 120 }), (ids, columns) => {
        const jobs = ids.map((id) => jobOf({ ref: `standard:${id}`, percentage: 5 }))
        const rows = boardLines(jobs, { ...view, columns, rows: 50 }).slice(1, ids.length + 1)
        const shown = rows.map((row) => row.split(" ")[1])
        expect(new Set(shown).size).toBe(ids.length)
      })
    )
  })

  it("is calm where a job has ended: no bar, how long it took, when the result expires", () => {
    const ended = JobSnapshot.fromJson({
      ...JobSnapshot.toJson(snapshot({ phase: "succeeded", percentage: 100 })),
      completedAt: "2026-11-23T20:52:00.000Z",
      expiresAt: "2026-11-24T20:52:00.000Z"
    })
    const job = seen({ ref: "standard:412651" }, ended, now)
    const expected = "✓ standard:412651  succeeded  100%   3 min  expires in 24 h"
    expect(boardLines([job], view)).toEqual([expected])
    // It says the same an hour later, except for what is left.
    expect(boardLines([job], { ...view, now: now + 3_600_000 })).toEqual([expected.replace("24 h", "23 h")])
  })

  it("moves nothing in the last board, which ends with the count", () => {
    const jobs = [jobOf({}), jobOf({ ref: "standard:2", phase: "succeeded" })]
    const last = boardLines(jobs, { ...view, isLast: true })
    expect(last.at(-1)).toBe("1 min · 1 of 2 ended · 1 running, 1 succeeded")
  })

  it("draws with ASCII where the terminal cannot do more", () => {
    const jobs = [
      jobOf({ percentage: 45 }),
      jobOf({ ref: "standard:9223372036854775807", phase: "succeeded" }),
      jobOf({ ref: "standard:3", phase: "failed" }),
      { ref: "standard:4" }
    ]
    const lines = boardLines(jobs, { ...view, columns: 44, glyphs: glyphsFor({ hasUnicode: false }) })
    expect(lines.join("")).toMatch(/^[\u0020-\u007e]*$/)
    expect(lines.join("\n")).toContain("standard:92~036854775807")
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

  it("shows why a job failed and why it is not known below its row", () => {
    const jobs = [
      jobOf({ ref: "standard:1", phase: "failed", errors: ["Column 7\u001b[31m is no date"] }),
      { ref: "standard:2", failure: "404 Not Found" }
    ]
    const text = boardLines(jobs, view).join("\n")
    expect(text).toMatch(/standard:1 .*\n {4}Column 7 is no date\n.*standard:2 .*\n {4}404 Not Found\n/)
    expect(text).not.toContain("\u001b")
  })

  it("shows why a job failed in its row where jobs are folded and there are free columns", () => {
    const failed = jobOf({ ref: "standard:1", phase: "failed", errors: ["Advertiser 4f3ax81 was not found"] })
    const jobs = [
      failed,
      ...Array.from({ length: 59 }, (_, id) => jobOf({ ref: `standard:${id + 100}`, phase: "succeeded" }))
    ]
    const rowAt = (columns: number) =>
      boardLines(jobs, { ...view, columns }).find((line) => line.includes("standard:1 "))
    expect(rowAt(120)).toMatch(/failed .* Advertiser 4f3ax81 was not found$/)
    expect(rowAt(60)).toMatch(/failed .* Advertiser.*…$/)
  })

  it("shows a problem that polls share once", () => {
    const problem = { text: "connection refused", at: now }
    for (const count of [7, 60]) {
      const jobs = Array.from({ length: count }, (_, id): BoardJob => ({ ref: `standard:${id}`, problem }))
      expect(boardLines(jobs, view).filter((line) => line.includes("refused"))).toEqual([
        `  ${count} jobs: connection refused; retrying`
      ])
    }
  })

  it("says when the first of the jobs that share a problem is polled next", () => {
    const jobs = [40_000, 12_000, 90_000].map(
      (retryIn, id): BoardJob => ({
        ref: `standard:${id}`,
        problem: { text: "connection refused", at: now, retryAt: now + retryIn }
      })
    )
    const lineAt = (later: number) =>
      boardLines(jobs, { ...view, now: now + later }).find((line) => line.includes("refused"))
    expect(lineAt(0)).toBe("  3 jobs: connection refused; retrying in 12 s")
    expect(lineAt(11_000)).toBe("  3 jobs: connection refused; retrying")
  })

  it("shows the end of a pause that the API asks for, and who waits with it", () => {
    const jobs: ReadonlyArray<BoardJob> = [
      { ref: "standard:1", problem: { text: "503", at: now, pausedUntil: now + 840_000 } },
      { ref: "standard:2" },
      jobOf({ ref: "standard:3" }),
      jobOf({ ref: "standard:4", phase: "succeeded" }),
      { ref: "graphql-bulk:5" }
    ]
    expect(boardLines(jobs, view).filter((line) => line.includes("14 min"))).toEqual([
      "  2 jobs: waiting with the others, 14 min",
      "  standard:1: 503; the API asks for a pause: retrying in 14 min"
    ])
  })

  it("says when a job was last seen instead of an estimate while its polls fail", () => {
    const first = seen({ ref: "standard:1" }, snapshot({ percentage: 20 }), now - 60_000)
    const job = seen(first, snapshot({ percentage: 40 }), now)
    const failing = { ...job, problem: { text: "connection refused", at: now + 30_000 } }
    const [row] = boardLines([failing], { ...view, now: now + 30_000 })
    expect(row).toMatch(/ seen 30 s ago$/)
  })

  it("takes a problem for solved that did not occur again for minutes", () => {
    const problem = { text: "502 Bad Gateway", at: now }
    const textLater = (minutes: number, count: number) => {
      const jobs = Array.from({ length: count }, (_, id) => ({ ...jobOf({ ref: `standard:${id}` }), problem }))
      return boardLines(jobs, { ...view, now: now + minutes * 60_000 }).join("\n")
    }
    for (const count of [1, 60]) {
      expect(textLater(1, count)).toContain("502 Bad Gateway; retrying")
      expect(textLater(3, count)).not.toContain("502")
    }
  })

  it("estimates what is left from the progress since a job was first seen", () => {
    const first = seen({ ref: "standard:1" }, snapshot({ percentage: 20 }), now - 60_000)
    expect(boardLines([first], view).join("\n")).not.toContain("left")
    const later = seen(first, snapshot({ percentage: 40 }), now)
    // 20 % a minute, 60 % to go.
    expect(boardLines([later], view).join("\n")).toContain("3 min left")
    // Between polls it counts down, and when the job should have ended it says nothing any more.
    const minutesLater = (minutes: number) => boardLines([later], { ...view, now: now + minutes * 60_000 }).join("\n")
    expect(minutesLater(1)).toContain("2 min left")
    expect(minutesLater(3)).not.toContain("left")
    // Progress that goes back starts the estimate anew.
    const back = seen(later, snapshot({ percentage: 10 }), now)
    expect(boardLines([back], view).join("\n")).not.toContain("left")
    expect(boardLines([seen(later, snapshot({ phase: "succeeded" }), now)], view).join("\n")).not.toContain("left")
  })

  it("shows the server's status where the phase is not known, without widening the column for a long one", () => {
    expect(boardLines([jobOf({ phase: "unknown" })], view).join("\n")).toContain("Rescheduled")
    const long = JobSnapshot.fromJson({
      ...JobSnapshot.toJson(snapshot({ phase: "unknown" })),
      status: "WaitingForCapacityInAnotherRegion"
    })
    expect(boardLines([seen({ ref: "standard:1" }, long, now)], view)[0]).toContain("  WaitingForCap…  ")
  })
})
