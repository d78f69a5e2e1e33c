import { describe, expect, it } from "@effect/vitest"
import { flagVocabulary, functionVocabulary, makeVocabulary, parseDuration, problemVocabulary } from "@ttd-jobs/core"
import {
  describeError,
  excerpt,
  formatBytes,
  formatDuration,
  formatPercentage,
  phaseText,
  progressText
} from "@ttd-jobs/core/text"
import fc from "fast-check"

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]

describe("formatDuration", () => {
  it.each([
    [0, "0 ms"],
    [-5, "0 ms"],
    [300, "300 ms"],
    [999.6, "1 s"],
    [1500, "1.5 s"],
    [9960, "10 s"],
    [59_499, "59 s"],
    [59_600, "1 min"],
    [minute + second, "1 min 1 s"],
    [hour - 400, "1 h"],
    [hour + 5 * minute, "1 h 5 min"],
    [day - 300, "24 h"],
    [2 * day, "2 d"],
    [2 * day + 3 * hour, "2 d 3 h"],
    [Number.POSITIVE_INFINITY, "unlimited"]
  ])("%d is %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })

  it.each([
    [999.6, "999 ms"],
    [59_999, "59 s"],
    [2 * hour - 1, "1 h"],
    [day - 1, "23 h"],
    [3 * day - 1, "2 d"]
  ])("with precision 1 rounds %d down to %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds, 1)).toBe(text)
  })

  it("is read back within its precision, and never shrinks as time grows", () => {
    const time = fc.integer({ min: 0, max: 1000 * day })
    fc.assert(
      fc.property(time, fc.integer({ min: 0, max: hour }), (one, more) => {
        const read = parseDuration(formatDuration(one)) ?? Number.NaN
        expect(Math.abs(read - one)).toBeLessThanOrEqual(Math.max(500, one * 0.05))
        expect(parseDuration(formatDuration(one + more)) ?? Number.NaN).toBeGreaterThanOrEqual(read)
      })
    )
  })
})

describe("parseDuration", () => {
  it.each([
    ["90s", 90_000],
    ["2h", 2 * hour],
    ["500ms", 500],
    ["1h30m", 90 * minute],
    ["1 h 5 min", 65 * minute],
    ["1.5h", 90 * minute],
    ["5m", 5 * minute],
    ["7d", 7 * day],
    ["0s", 0]
  ])("reads %s", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds)
  })

  it.each([
    "",
    "5",
    " 5s",
    "s",
    "5x",
    "5 sx",
    "1m1h",
    "1s1s",
    "-1s",
    "1e3s",
    "1,5s",
    "5m of",
    "30 seconds",
    "Infinity"
  ])("does not read %j", (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })
})

describe("formatBytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1 kB"],
    [1_249_000, "1.2 MB"],
    [999_960, "1 MB"],
    [20_000_000, "20 MB"],
    [5e15, "5000 TB"]
  ])("%d is %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
})

describe("formatPercentage", () => {
  it("never rounds up to 100", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 99.9999, noNaN: true }),
        fc.integer({ min: 0, max: 2 }),
        (value, decimals) => {
          const shown = Number(formatPercentage(value, decimals).replace(" %", ""))
          expect(shown).toBeLessThan(100)
          expect(Math.abs(shown - value)).toBeLessThanOrEqual(10 ** -decimals)
        }
      )
    )
    expect(formatPercentage(42.5)).toBe("42.5 %")
    expect(formatPercentage(0.29, 2)).toBe("0.29 %")
    expect(formatPercentage(100)).toBe("100 %")
  })
})

describe("phaseText and progressText", () => {
  it("are words; a status that is not known is named", () => {
    expect(phaseText({ phase: "partially-succeeded", status: "PartialSuccess" })).toBe("partially succeeded")
    expect(phaseText({ phase: "unknown", status: "Archived" })).toBe("unknown (Archived)")
    expect(progressText({ phase: "running", status: "InProgress", completionPercentage: null })).toBe("running")
    expect(progressText({ phase: "running", status: "InProgress", completionPercentage: 42.5 })).toBe("running, 42.5 %")
  })
})

describe("excerpt", () => {
  it.each([
    ["", ""],
    ["no\n  such\tjob", "no such job"],
    ["<!doctype html><html><head><TITLE>502 Bad\nGateway</TITLE></head><body>…", "502 Bad Gateway"],
    [
      "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
      "AccessDenied: Request has expired"
    ]
  ])("of %j is %j", (body, line) => {
    expect(excerpt(body)).toBe(line)
  })

  it("is at most 200 characters long", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 1000 }), (body) => void expect(excerpt(body).length).toBeLessThanOrEqual(201))
    )
  })
})

describe("describeError", () => {
  const request = { operation: "getJobStatus", ref: "standard:1", host: "api.example" }
  const timeout = { _tag: "RequestTimeoutError", ...request, timeout: 30_000 } as const
  const setting = {
    _tag: "InvalidSettingError",
    setting: "timeout",
    kind: "duration",
    value: "5",
    expected: "a unit"
  } as const

  it("names the operation for functions, and the job alone for flags and HTTP problems", () => {
    expect(describeError(timeout).message).toBe(
      "getJobStatus of standard:1 failed: no response from api.example within 30 s"
    )
    for (const vocabulary of [flagVocabulary, problemVocabulary]) {
      expect(describeError(timeout, vocabulary).message).toBe("standard:1: no response from api.example within 30 s")
    }
  })

  it("has the reason in brief", () => {
    const response = { ...request, status: 503, requestId: "r1", body: "<title>Service Unavailable</title>" }
    expect(describeError(timeout).reason).toBe("no response within 30 s")
    expect(describeError({ _tag: "ApiError", ...response, retryAfter: null }).reason).toBe("503: Service Unavailable")
    expect(
      describeError({ _tag: "TransportError", ...request, code: "ECONNREFUSED", reason: "connection-refused" }).reason
    ).toBe("connection refused")
  })

  it("calls settings by their names in options, flags or members", () => {
    expect(describeError(setting).message).toBe('Invalid duration "5" for timeout: expected a unit')
    expect(describeError(setting, flagVocabulary).message).toContain("for --request-timeout:")
    expect(describeError(setting, problemVocabulary).message).toContain('for "timeout":')
    expect(describeError({ ...setting, setting: "poll.interval" }, flagVocabulary).message).toContain("for --interval:")
    expect(describeError({ ...setting, setting: "retry.maxElapsedTime" }, flagVocabulary).message).toContain(
      "for --max-retry-time:"
    )
  })

  it("can be told where the token came from, and never shows it", () => {
    const token = { ...setting, setting: "token", kind: "token", value: null, expected: "one line" } as const
    expect(describeError(token).message).toBe("Invalid token: expected one line")
    const vocabulary = makeVocabulary({ ...flagVocabulary, setting: () => "WORKFLOWS_TTD_AUTH" })
    expect(describeError(token, vocabulary).message).toBe("Invalid token for WORKFLOWS_TTD_AUTH: expected one line")
  })

  it("shows the three forms of a reference, and a suggestion", () => {
    const { advice, message } = describeError(
      {
        _tag: "InvalidJobRefError",
        input: "STANDARD:1",
        reason: "unknown-kind"
      },
      functionVocabulary
    )
    expect(message).toBe(
      'Invalid job reference "STANDARD:1": unknown kind ' +
        "(expected standard:<int64>, graphql-query:<id>, graphql-bulk:<id> or an integer)"
    )
    expect(advice).toBe("Did you mean standard:1?")
  })

  it("says what to do in the words of its reader", () => {
    const unfinished = {
      _tag: "ResultUnavailableError",
      ref: "standard:1",
      reason: "not-finished",
      snapshot: { phase: "running", status: "InProgress", completionPercentage: 42.5, errors: [] },
      age: null,
      lifetime: null
    } as const
    expect(describeError(unfinished, functionVocabulary)).toEqual({
      message: "standard:1 has no result yet: status InProgress, 42.5 %",
      reason: "status InProgress, 42.5 %",
      advice: "The job has not ended: call `wait` first."
    })
    expect(describeError(unfinished, flagVocabulary).advice).toBe("The job has not ended: run ttd-jobs wait first.")
  })
})
