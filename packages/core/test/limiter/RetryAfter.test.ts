import { maxPause } from "@ttd-jobs/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseHttpDate } from "../../src/http/HttpDate.ts"
import { retryAfterOf } from "../../src/http/RetryAfter.ts"

const now = Date.UTC(2026, 10, 23, 20, 49)

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

const two = (value: number) => String(value).padStart(2, "0")

/** A time in the three forms of RFC 9110 §5.6.7. */
const formsOf = (time: number) => {
  const date = new Date(time)
  const weekday = weekdays[date.getUTCDay()] ?? ""
  const month = months[date.getUTCMonth()] ?? ""
  const day = date.getUTCDate()
  const year = date.getUTCFullYear()
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":")
  return {
    imf: `${weekday.slice(0, 3)}, ${two(day)} ${month} ${year} ${clock} GMT`,
    rfc850: `${weekday}, ${two(day)}-${month}-${two(year % 100)} ${clock} GMT`,
    asctime: `${weekday.slice(0, 3)} ${month} ${String(day).padStart(2)} ${clock} ${year}`
  }
}

const pauseOf = (value: string, date?: string) =>
  retryAfterOf(new Headers({ "retry-after": value, ...(date === undefined ? {} : { date }) }), now)

/** A time in whole seconds, within 40 years around now. */
const time = fc.integer({ min: -40 * 365 * 86_400, max: 40 * 365 * 86_400 }).map((seconds) => now + seconds * 1000)

describe("Retry-After", () => {
  it.each([
    ["5", 5000],
    [" 5 ", 5000],
    ["0", 0],
    ["007", 7000],
    ["1.5", 1500],
    ["4.", 4000],
    ["0.0004", 0],
    ["900", maxPause],
    ["901", maxPause],
    ["99999999999999999999", maxPause],
    ["9".repeat(400), maxPause]
  ])("P3 of %j seconds is a pause of %i ms", (value, pause) => {
    expect(pauseOf(value)).toBe(pause)
  })

  it.each(["-5", "+5", "-0.5", "", " ", "soon", "5s", "1e3", "0x10", "5, 10", ".5", "Infinity", "NaN"])(
    "P3 of %j says nothing",
    (value) => {
      expect(pauseOf(value)).toBeNull()
    }
  )

  it("P3 that is not there says nothing", () => {
    expect(retryAfterOf(new Headers(), now)).toBeNull()
  })

  it("P3 as a date in any of its forms is read against the response's own Date, whatever the local clock says", () => {
    fc.assert(
      fc.property(time, fc.integer({ min: -900, max: 900 }), (sent, seconds) => {
        const date = formsOf(sent)
        for (const value of Object.values(formsOf(sent + seconds * 1000))) {
          for (const own of [date.imf, date.rfc850, date.asctime]) {
            expect(pauseOf(value, own)).toBe(Math.max(0, seconds * 1000))
          }
        }
      })
    )
  })

  it("P3 as a date is read against the local clock when the response has no readable Date", () => {
    const value = formsOf(now + 9000).imf
    for (const date of [undefined, "", "yesterday"]) expect(pauseOf(value, date)).toBe(9000)
  })

  it("P3 as a date is a pause of at most 15 minutes, and of none when it has passed", () => {
    expect(pauseOf(formsOf(now + 365 * 86_400_000).imf)).toBe(maxPause)
    expect(pauseOf("Sun, 06 Nov 1994 08:49:37 GMT")).toBe(0)
  })

  it("P3 of any text is null or a pause between zero and 15 minutes", () => {
    const printable = fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)) })
    fc.assert(
      fc.property(printable, printable, (value, date) => {
        const pause = retryAfterOf(new Headers({ "retry-after": value, date }), now)
        expect(pause === null || (pause >= 0 && pause <= maxPause)).toBe(true)
      })
    )
  })

  it("P3 of any number of seconds is that long, to the millisecond", () => {
    fc.assert(
      fc.property(fc.nat(899), fc.nat(999), (seconds, millis) => {
        expect(pauseOf(`${seconds}.${String(millis).padStart(3, "0")}`)).toBe(seconds * 1000 + millis)
      })
    )
  })
})

describe("an HTTP-date", () => {
  it("is read in each of its three forms", () => {
    fc.assert(
      fc.property(time, (time) => {
        for (const text of Object.values(formsOf(time))) expect(parseHttpDate(text, now)).toBe(time)
      })
    )
  })

  it("with two digits for the year is at most 50 years ahead", () => {
    expect(parseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT", now)).toBe(Date.UTC(1994, 10, 6, 8, 49, 37))
    expect(parseHttpDate("Thursday, 01-Jan-76 00:00:00 GMT", now)).toBe(Date.UTC(2076, 0, 1))
    expect(parseHttpDate("Friday, 01-Jan-77 00:00:00 GMT", now)).toBe(Date.UTC(1977, 0, 1))
  })

  it("may be in a leap second", () => {
    expect(parseHttpDate("Sat, 31 Dec 2016 23:59:60 GMT", now)).toBe(Date.UTC(2017, 0, 1))
  })

  it.each([
    "Sun, 31 Feb 2027 08:49:37 GMT",
    "Sun, 00 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:49:37 GMT",
    "Sun, 06 Nov 1994 08:60:37 GMT",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49:37 CET",
    "Sun, 06 November 1994 08:49:37 GMT",
    "06 Nov 1994 08:49:37 GMT",
    "1994-11-06T08:49:37Z",
    "Sun Nov  6 08:49:37 1994 GMT"
  ])("is not %j", (text) => {
    expect(parseHttpDate(text, now)).toBeNull()
  })
})
