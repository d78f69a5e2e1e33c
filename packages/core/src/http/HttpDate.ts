/**
 * HTTP-date in its three forms (RFC 9110 §5.6.7), as in `Retry-After`, `Date` and `Last-Modified`.
 *
 * @module
 */

/**
 * An HTTP-date as milliseconds since the epoch; null for any other text. `now`, in the same unit, decides the century of a
 * year with two digits.
 */
export const parseHttpDate = (text: string, now: number): number | null => {
  const fields = forms.map((form) => form.exec(text.trim())?.groups).find((groups) => groups !== undefined)
  if (fields === undefined) return null
  const { day = "", hour = "", minute = "", month = "", second = "", year = "" } = fields
  const dateIn = (year: number) => Date.UTC(year, months.indexOf(month), Number(day))
  const date = dateIn(year.length === 2 ? fullYear(Number(year), dateIn, now) : Number(year))
  // Date.UTC carries what is too much over into the next field: 31 February would be a day in March.
  if (new Date(date).getUTCDate() !== Number(day)) return null
  return date + Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1000
}

/** A date that would be more than 50 years ahead is in the past. */
const fullYear = (year: number, dateIn: (year: number) => number, now: number) => {
  const thisYear = new Date(now).getUTCFullYear()
  const candidate = thisYear - (thisYear % 100) + year
  return dateIn(candidate) - now > fiftyYears ? candidate - 100 : candidate
}

const fiftyYears = 50 * 365.25 * 86_400_000

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

const month = `(?<month>${months.join("|")})`
const time = String.raw`(?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d):(?<second>[0-5]\d|60)`

const forms = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(String.raw`^[A-Z][a-z]{2}, (?<day>\d{2}) ${month} (?<year>\d{4}) ${time} GMT$`),
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(String.raw`^[A-Z][a-z]{5,8}, (?<day>\d{2})-${month}-(?<year>\d{2}) ${time} GMT$`),
  // asctime: Sun Nov  6 08:49:37 1994
  new RegExp(String.raw`^[A-Z][a-z]{2} ${month} (?<day>[ \d]\d) ${time} (?<year>\d{4})$`)
]
