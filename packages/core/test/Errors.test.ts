import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Core from "@ttd-jobs/core"
import type { RequestErrorData, TtdJobsErrorData } from "@ttd-jobs/core/model"
import { describeError } from "@ttd-jobs/core/text"
import { DateTime, Schema } from "effect"
import fc from "fast-check"

const request = { operation: "getJobStatus", ref: "standard:412651", host: "api.example" }
const response = { ...request, status: 500, requestId: "4f3a-7", contentType: "text/html", body: "" }
const nothing = { type: null, title: null, detail: null, instance: null, extensions: {} }

const apiError = (fields: Partial<ConstructorParameters<typeof Core.ApiError>[0]> = {}) =>
  new Core.ApiError({ ...response, retryAfter: null, ...fields })

const problem = (fields: Partial<ConstructorParameters<typeof Core.ProblemDetailsError>[0]> = {}) =>
  new Core.ProblemDetailsError({ ...response, ...nothing, status: 404, ...fields })

const transportError = (code: string) => new Core.TransportError({ ...request, code, cause: new Error(code) })

const signature = "sig=c2lnbmF0dXJl"

const snapshot = Core.JobSnapshot.fromJson({
  ref: "standard:412651",
  kind: "standard",
  id: "412651",
  phase: "failed",
  status: "Failure",
  completionPercentage: 42.5,
  createdAt: "2026-11-23T20:49:00.000Z",
  completedAt: "2026-11-23T21:49:00.000Z",
  expiresAt: "2026-11-24T21:49:00.000Z",
  result: { inline: false, url: `https://files.example/1?${signature}` },
  errors: [`See https://files.example/log?${signature}`]
})

const resume = new Core.ResumePoint({
  version: 2,
  ref: "standard:412651",
  startedAt: DateTime.makeUnsafe(0),
  deadline: DateTime.makeUnsafe(7_200_000),
  seen: Core.ResumePoint.fromSnapshot(snapshot).seen,
  schedule: null
})

const waitTimeout = (fields: Partial<ConstructorParameters<typeof Core.WaitTimeoutError>[0]> = {}) =>
  Core.WaitTimeoutError.of({
    ref: "standard:412651",
    snapshot,
    elapsed: 7_199_500,
    polls: 57,
    responses: { 200: 56, 503: 1 },
    lastError: apiError({ status: 503 }),
    resume,
    ...fields
  })

const everyError: ReadonlyArray<Core.TtdJobsError> = [
  new Core.InvalidJobRefError({ input: "report 7", reason: "no-kind" }),
  new Core.InvalidSettingError({ setting: "timeout", kind: "duration", value: "5", expected: "a duration" }),
  problem(),
  apiError(),
  new Core.RateLimitedError({ ...request, retryAfter: 60_000, status: 429 }),
  transportError("ECONNRESET"),
  new Core.RequestTimeoutError({ ...request, timeout: 30_000 }),
  new Core.ResponseDecodeError({ ...response, reason: "empty-body", issue: "" }),
  waitTimeout(),
  Core.JobFailedError.of({ ref: "standard:412651", snapshot }),
  Core.ResultUnavailableError.of({ ref: "standard:412651", reason: "expired", snapshot, age: 90_000_000 }),
  new Core.DownloadError({
    ref: "standard:412651",
    reason: "interrupted",
    issue: "the connection was reset",
    host: "files.example",
    status: null,
    bytes: 5_600_000,
    size: 50_000_000,
    cause: new Error("read ECONNRESET")
  })
]

describe("an error", () => {
  it.each(everyError)("is an Error with tag, message, advice and transience: $_tag", (error) => {
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe(error._tag)
    expect(error.message).toMatch(/^\S.*\S$/)
    expect(error.advice).toMatch(/^[A-Z].*[.?]$/)
    expect(typeof error.transient).toBe("boolean")
    expect(Core.isTtdJobsError(error)).toBe(true)
  })

  it.each(everyError)("prints message, advice, stack and fields: $_tag", (error) => {
    const printed = inspect(error)
    expect(printed.split("\n").slice(0, 2)).toEqual([`${error._tag}: ${error.message}`, `  ${error.advice}`])
    expect(printed).toContain("Errors.test.ts")
    expect(printed).toContain("transient: ")
    for (const field of Object.keys(error)) if (field !== "_tag") expect(printed).toContain(`${field}: `)
    expect(inspect({ error }, { depth: 0 })).toContain(`[${error._tag}: ${error.message}]`)
  })

  it.each(everyError)("is whole in JSON, and describes itself from there: $_tag", (error) => {
    const json: TtdJobsErrorData & Record<string, unknown> = JSON.parse(JSON.stringify(error))
    const { _tag, advice, message, transient } = error
    expect(json).toMatchObject({ _tag, advice, message, transient })
    expect(Object.keys(json)).toEqual(expect.arrayContaining(Object.keys(error)))
    expect(describeError(json)).toEqual(describeError(error))
  })

  it.each(everyError)("shows no query of a signed link: $_tag", (error) => {
    expect(`${inspect(error, { depth: 9 })}${JSON.stringify(error)}${error.message}`).not.toContain(signature)
  })

  it("prints its cause", () => {
    expect(inspect(transportError("ECONNRESET"))).toContain("cause: Error: ECONNRESET")
  })

  it("keeps the chain of causes in JSON", () => {
    const cause = new TypeError("fetch failed", {
      cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" })
    })
    const error = new Core.TransportError({ ...request, code: "ECONNREFUSED", cause })
    expect(JSON.parse(JSON.stringify(error)).cause).toEqual({
      name: "TypeError",
      message: "fetch failed",
      cause: { name: "Error", message: "connect", code: "ECONNREFUSED" }
    })
  })

  it("is data: it goes through its schema and comes back as itself", () => {
    const error = apiError({ status: 429, retryAfter: 7000, body: "€" })
    const json = JSON.parse(JSON.stringify(Schema.encodeSync(Core.ApiError)(error)))
    const back = Schema.decodeUnknownSync(Core.ApiError)(json)
    expect(back).toBeInstanceOf(Core.ApiError)
    expect(back).toEqual(error)
    expect(back.message).toBe(error.message)
  })
})

describe("isTtdJobsError", () => {
  it.each([
    null,
    undefined,
    "ApiError",
    { _tag: "ApiError" },
    new Error("ApiError"),
    new DOMException("", "AbortError")
  ])("is false for %s", (value) => {
    expect(Core.isTtdJobsError(value)).toBe(false)
  })
})

describe("an error of a request", () => {
  it("names operation, job, host, status and request id", () => {
    expect(apiError().message).toBe(
      "getJobStatus of standard:412651 failed: api.example returned 500 (request id 4f3a-7)"
    )
    expect(apiError({ requestId: null }).message).toMatch(/returned 500$/)
    expect(problem({ title: "Gone astray", detail: "Look elsewhere." }).message).toContain(
      "404 (request id 4f3a-7): Gone astray: Look elsewhere."
    )
    expect(problem({ title: "", detail: "" }).message).toMatch(/7\)$/)
  })

  it("has at most 200 characters of the body, in one line", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("<", "p", " ", "\n", "\t", "€"), maxLength: 2000 }), (body) => {
        const { message } = apiError({ body })
        expect(message).not.toMatch(/\s\s|[\n\t]/)
        expect(message.length).toBeLessThan(320)
      })
    )
  })

  it("names the pause that the server asked for", () => {
    expect(apiError({ status: 429, retryAfter: 61_040 }).message).toContain("asking for a pause of 1 min 1 s")
  })

  it.each([
    ["ECONNREFUSED", "connection-refused", "connection refused"],
    ["ENOTFOUND", "host-not-found", "host not found"],
    ["EAI_AGAIN", "host-not-found", "host not found"],
    ["ECONNRESET", "connection-reset", "connection reset"],
    ["UND_ERR_CONNECT_TIMEOUT", "connection-timed-out", "connection timed out"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "certificate-not-trusted", "certificate not trusted"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "certificate-not-trusted", "certificate not trusted"],
    ["CERT_HAS_EXPIRED", "certificate-expired", "certificate expired"],
    ["CERT_NOT_YET_VALID", "certificate-not-yet-valid", "certificate not yet valid"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate-for-another-host", "certificate for another host"],
    ["Failed to fetch", "other", "Failed to fetch"],
    ["ConnectionRefused", "connection-refused", "connection refused"],
    ["connect ECONNREFUSED 127.0.0.1:9", "connection-refused", "connection refused"],
    ["other side closed", "connection-reset", "connection reset"],
    ["EHOSTUNREACH", "network-unreachable", "network unreachable"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls-handshake-failed", "tls handshake failed"],
    ["invalid peer certificate: UnknownIssuer", "certificate-not-trusted", "certificate not trusted"],
    ["invalid peer certificate: Expired", "certificate-expired", "certificate expired"],
    ["invalid peer certificate: NotValidForName", "certificate-for-another-host", "certificate for another host"]
  ])("says %s in words", (code, reason, words) => {
    const error = transportError(code)
    expect(error.reason).toBe(reason)
    expect(error.message).toBe(`getJobStatus of standard:412651 failed: ${words} (api.example)`)
  })

  const everyCertificateCode = [
    "SELF_SIGNED_CERT_IN_CHAIN",
    "CERT_HAS_EXPIRED",
    "CERT_NOT_YET_VALID",
    "ERR_TLS_CERT_ALTNAME_INVALID"
  ]

  it("P5 is permanent when the certificate is not accepted, with advice of its own", () => {
    const permanent = everyCertificateCode.map(transportError)
    expect(permanent.map(({ transient }) => transient)).toEqual(everyCertificateCode.map(() => false))
    expect(new Set(permanent.map(({ advice }) => advice)).size).toBe(everyCertificateCode.length)
    expect(transportError("ECONNREFUSED").transient).toBe(true)
  })

  it.each([
    [problem({ status: 401 }), "Get a new token from the platform and pass it as `token`"],
    [problem({ status: 403 }), "not visible to this account, or gone"],
    [problem({ status: 404 }), "not visible to this account, or gone"],
    [problem({ status: 400 }), "Check the request"],
    [apiError({ status: 410, ref: "graphql-query:7ab2" }), "use graphql-bulk:7ab2 instead"],
    [apiError({ status: 410 }), "a newer version"],
    [apiError({ status: 429 }), "Send fewer requests"],
    [apiError({ status: 200, body: "RESOURCE_LIMIT_EXCEEDED" }), "Send fewer requests"],
    [apiError({ status: 503 }), "Try again later"],
    [apiError({ status: 240 }), "give support the request id"],
    [transportError("ECONNREFUSED"), "Check the network"],
    [transportError("DEPTH_ZERO_SELF_SIGNED_CERT"), "NODE_EXTRA_CA_CERTS"],
    [transportError("CERT_HAS_EXPIRED"), "Check this machine's clock"]
  ])("says what to do: %s", (error, advice) => {
    expect(error.advice).toContain(advice)
  })

  it.each([
    [408, true],
    [425, true],
    [429, true],
    [500, true],
    [599, true],
    [240, false],
    [302, false],
    [409, false],
    [410, false]
  ])("%i is transient: %s", (status, transient) => {
    expect(apiError({ status }).transient).toBe(transient)
    expect(Core.isTransientStatus(status)).toBe(transient)
  })

  it("is transient for a GraphQL rate limit that came with 200", () => {
    expect(apiError({ status: 200, body: "The job could not be read." }).transient).toBe(false)
    expect(apiError({ status: 200, body: 'code: "RESOURCE_LIMIT_EXCEEDED"' }).transient).toBe(true)
  })
})

describe("an error of a wait", () => {
  it("P10 says how long it waited, the last status, the polls and the last error", () => {
    expect(waitTimeout().message).toBe(
      "Timed out after 2 h waiting for standard:412651 (last status: Failure, 42.5 %, 57 polls): " +
        "last error: api.example returned 503 (request id 4f3a-7)"
    )
    const unseen = new Core.ResumePoint({ ...resume, seen: null })
    expect(waitTimeout({ snapshot: null, resume: unseen, polls: 1, lastError: null }).message).toBe(
      "Timed out after 2 h waiting for standard:412651 (last status: none, 1 poll)"
    )
  })

  it("P3 says that it ended before its deadline because of a pause that the server asked for", () => {
    const early = waitTimeout({ elapsed: 7, lastError: apiError({ status: 429, retryAfter: 36_000_000 }) })
    expect(early.isEarly).toBe(true)
    expect(early.message).toContain(
      "the server asks for a pause past the deadline; last error: api.example returned 429"
    )
    expect(waitTimeout().isEarly).toBe(false)
  })

  it("has the job's own error texts, or says that there are none", () => {
    const failed = Core.JobFailedError.of({ ref: "standard:1", snapshot })
    expect(failed.message).toBe("standard:1 ended as Failure: See https://files.example/log?<redacted>")
    const silent = Core.JobSnapshot.fromJson({ ...Core.JobSnapshot.toJson(snapshot), errors: [] })
    expect(Core.JobFailedError.of({ ref: "standard:1", snapshot: silent }).message).toContain("gave no reason")
  })

  it("keeps the link of the result without its query", () => {
    const { result } = Core.JobFailedError.of({ ref: "standard:1", snapshot }).snapshot
    expect(result).toEqual({ inline: false, url: "https://files.example/1" })
    expect(snapshot.result).toEqual({ inline: false, url: `https://files.example/1?${signature}` })
  })
})

describe("a result that is not there", () => {
  it.each([
    ["standard", "2026-11-24T21:49:00.000Z", "24 h"],
    ["graphql-bulk", "2026-11-23T22:49:00.000Z", "1 h"],
    ["graphql-bulk", "2026-11-24T09:49:00.000Z", "12 h"]
  ])("P20 names the lifetime of the job's kind: %s until %s", (kind, expiresAt, lifetime) => {
    const expired = Core.JobSnapshot.fromJson({ ...Core.JobSnapshot.toJson(snapshot), kind, expiresAt })
    const error = Core.ResultUnavailableError.of({ ref: "x:1", reason: "expired", snapshot: expired, age: 90_000_000 })
    expect(error.message).toBe(
      `The result of x:1 has expired: the job ended 25 h ago, and results are kept for ${lifetime}`
    )
  })
})

describe("transient and permanent", () => {
  const request = { operation: "getJobStatus", ref: "standard:1", host: "api.example" }
  const response = { ...request, requestId: null, body: "" }
  const api = (status: number): RequestErrorData => ({ _tag: "ApiError", ...response, status, retryAfter: null })
  const problem = (status: number): RequestErrorData => ({
    _tag: "ProblemDetailsError",
    ...response,
    status,
    title: null,
    detail: null
  })
  const decode: RequestErrorData = {
    _tag: "ResponseDecodeError",
    ...response,
    status: 200,
    reason: "not-json",
    issue: ""
  }

  it("P4 never both, and a response that cannot be read is neither", () => {
    const errors = [
      ...Array.from({ length: 500 }, (_, index) => api(200 + index)),
      ...[400, 401, 403, 404].map(problem)
    ]
    expect(errors.filter((error) => Core.isTransient(error) && Core.isPermanent(error))).toEqual([])
    expect([Core.isTransient(decode), Core.isPermanent(decode)]).toEqual([false, false])
  })

  it("P5 400, 401, 403, 404, 410 and a GraphQL response without a job are permanent", () => {
    expect([...[400, 401, 403, 404].map(problem), api(410), api(200)].map(Core.isPermanent)).not.toContain(false)
    expect([api(204), api(240), api(503), api(429)].map(Core.isPermanent)).not.toContain(true)
  })
})
