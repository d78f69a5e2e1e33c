/** What comes of a result, whatever happens to its file on the way. */
import type { DownloadError, DownloadOptions } from "@ttd-jobs/core"
import { Fault, type FaultRule, ResultScript, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { collect } from "../../download/support/Downloads.ts"
import type { Call, Row, Section } from "../Row.ts"

const size = 200_000
const minute = 60_000

/** Downloads the file; whether its bytes are those of the source. */
const downloading =
  (options: DownloadOptions = {}): Call =>
  (jobs, ref) =>
    Effect.gen(function* () {
      const { report, resultFile } = yield* Simulator
      const [bytes, source] = yield* Effect.all([collect(jobs.download(ref, options)), resultFile(ref)])
      const { files } = yield* report
      return { isWhole: Buffer.from(source.bytes()).equals(bytes), files: files.requests, strayTokens: files.withToken }
    })

const text: Call = (jobs, ref) =>
  Effect.map(collect(jobs.download(ref)), (bytes) => ({ text: new TextDecoder().decode(bytes) }))

const file = (options: Partial<ResultScript.FileOptions> = {}) => ({ result: ResultScript.link({ size, ...options }) })

/** The file comes whole, after so many requests for it and so long. */
const whole = (
  server: string,
  faults: ReadonlyArray<FaultRule | Fault.Fault>,
  files: number,
  duration: readonly [number, number] = [0, 2000],
  more: Partial<Row> = {}
): Row => ({
  server,
  job: file(),
  faults,
  client: { retry: {} },
  call: downloading(),
  expected: { value: { isWhole: true, files, strayTokens: 0 }, duration },
  ...more
})

const fails = (
  server: string,
  faults: ReadonlyArray<FaultRule | Fault.Fault>,
  reason: DownloadError["reason"],
  more: Partial<Row> = {}
): Row => ({
  server,
  job: file(),
  faults,
  call: downloading(),
  expected: { error: { _tag: "DownloadError", reason } },
  ...more
})

const unavailable = (server: string, job: Row["job"], reason: string): Row => ({
  server,
  job: { result: ResultScript.none, ...job },
  call: text,
  expected: { error: { _tag: "ResultUnavailableError", reason } }
})

export const downloads: Section = {
  title: "downloads",
  rows: [
    {
      promise: "D9",
      server: "sent the result inside the status",
      job: { result: ResultScript.inline("date,spend\n2026-11-23,€7\n") },
      call: text,
      expected: { value: { text: "date,spend\n2026-11-23,€7\n" } }
    },
    {
      promise: "D9",
      server: "sent an empty result",
      job: { result: ResultScript.inline("") },
      call: text,
      expected: { value: { text: "" } }
    },
    unavailable("is still at work", { duration: "1 hour" }, "not-finished"),
    unavailable("ended the job without a result", {}, "none"),
    unavailable("ended the job as Failure", { status: "Failure" }, "none"),
    unavailable("has deleted the result after its lifetime", { age: "25 hours" }, "expired"),
    whole("serves the file at another origin", [], 1),
    whole("serves the file at its own origin", [], 1, [0, 0], { job: file({ origin: "api" }) }),
    whole("serves an empty file", [], 1, [0, 0], { job: file({ size: 0 }) }),
    whole("serves the file in chunks", [], 1, [0, 0], { job: file({ chunked: true }) }),
    whole("redirects from its own origin to another", [Fault.redirect({ to: "files" })], 2, [0, 0], {
      promise: "D1",
      job: file({ origin: "api" })
    }),
    ...([301, 302, 303, 307, 308] as const).map((status) =>
      whole(`redirects with ${status}`, [Fault.redirect({ status })], 2, [0, 0], { promise: "D1" })
    ),
    fails("redirects without end", [Fault.redirect({ hops: Number.POSITIVE_INFINITY })], "unsafe-link", {
      promise: "D2"
    }),
    fails(
      "redirects to plain http elsewhere",
      [{ fault: Fault.redirectTo("http://files.example/"), on: "files" }],
      "unsafe-link",
      { promise: "D2" }
    ),
    fails(
      "redirects to a file of this machine",
      [{ fault: Fault.redirectTo("file:///etc/passwd"), on: "files" }],
      "unsafe-link",
      { promise: "D2" }
    ),
    ...[500, 503, 429].map((status) =>
      whole(
        `responds with ${status} for the file once`,
        [{ fault: Fault.response(status), on: "files" }],
        2,
        [500, 2500]
      )
    ),
    whole("resets the connection once", [{ fault: Fault.connectionReset, on: "files" }], 2, [500, 2500]),
    whole("cuts the file in the middle", [{ fault: Fault.truncatedBody(), on: "files" }], 2, [0, 2500]),
    whole("cuts a chunked file in the middle", [{ fault: Fault.truncatedChunks(), on: "files" }], 2, [0, 2500]),
    whole("stops sending in the middle", [{ fault: Fault.stall(size / 2), on: "files" }], 2, [minute, minute + 2500], {
      promise: "D7"
    }),
    whole("never sends the file, at first", [{ fault: Fault.hang, on: "files" }], 2, [minute, minute + 2500], {
      promise: "D7"
    }),
    whole("lets the link expire", [Fault.expiredLink(403)], 2, [0, 2500], {
      promise: "D8",
      expected: { value: { isWhole: true, files: 2 }, requests: 2, duration: [0, 2500] }
    }),
    fails("refuses every link", [{ fault: Fault.expiredLink(403), times: "always" }], "refused", {
      promise: "D8",
      expected: { error: { _tag: "DownloadError", reason: "refused", status: 403 }, requests: 2, duration: [0, 2500] }
    }),
    fails(
      "cuts the file, and the client does not retry",
      [{ fault: Fault.truncatedBody(), on: "files" }],
      "interrupted"
    ),
    ...(["content-md5", "digest", "repr-digest"] as const).map((digest) =>
      fails(`sends a wrong byte and a ${digest}`, [Fault.corruptBytes(9)], "digest", {
        promise: "D4",
        job: file({ digests: [digest] })
      })
    ),
    fails("sends more than the caller allows", [], "too-large", { call: downloading({ maxBytes: size - 1 }) }),
    fails("takes longer than the caller allows", [{ fault: Fault.hang, on: "files" }], "timeout", {
      call: downloading({ timeout: "10 seconds" }),
      expected: { error: { _tag: "DownloadError", reason: "timeout" }, duration: [10_000, 10_000] }
    })
  ]
}
