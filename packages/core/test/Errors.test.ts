import { describe, expect, it } from "@effect/vitest"
import * as Errors from "@ttd-jobs/core"
import { Schema } from "effect"
import fc from "fast-check"

const asked = { operation: "getJobStatus", ref: "standard:412651", host: "api.example" }
const answered = { ...asked, status: 500, requestId: "4f3a-7", contentType: "text/html", body: "" }
const nothing = { type: null, title: null, detail: null, instance: null, extensions: {} }

const apiError = (fields: Partial<ConstructorParameters<typeof Errors.ApiError>[0]> = {}) =>
  new Errors.ApiError({ ...answered, retryAfter: null, ...fields })

const problem = (fields: Partial<ConstructorParameters<typeof Errors.ProblemDetailsError>[0]> = {}) =>
  new Errors.ProblemDetailsError({ ...answered, ...nothing, status: 404, ...fields })

const transportError = (reason: string) => new Errors.TransportError({ ...asked, reason, cause: new Error(reason) })

describe("an error of a request", () => {
  it.each([
    [problem(), "ProblemDetailsError"],
    [apiError(), "ApiError"],
    [transportError("ECONNRESET"), "TransportError"],
    [new Errors.RequestTimeoutError({ ...asked, timeout: 30_000 }), "RequestTimeoutError"],
    [new Errors.ResponseDecodeError({ ...answered, issue: "its body is empty" }), "ResponseDecodeError"]
  ])("says in one sentence what was asked, of which job, of whom: %s", (error, tag) => {
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ _tag: tag, name: tag })
    expect(error.message).toMatch(/^api\.example .*getJobStatus of standard:412651/)
    expect(error.message).not.toContain("\n")
    expect(error.advice).toMatch(/^[A-Z].*\.$/)
    expect(typeof error.transient).toBe("boolean")
  })

  it("names the status and the request id of the answer", () => {
    expect(apiError().message).toContain("with 500 (request id 4f3a-7)")
    expect(apiError({ requestId: null }).message).toMatch(/with 500$/)
    expect(problem({ title: "Gone astray", detail: "Look elsewhere." }).message).toContain(
      "404 (request id 4f3a-7): Gone astray: Look elsewhere."
    )
    expect(problem({ title: "", detail: "" }).message).toMatch(/7\)$/)
  })

  it("tells at most 200 characters of the body, in one line", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("<", "p", " ", "\n", "\t", "€"), maxLength: 2000 }), (body) => {
        const { message } = apiError({ body })
        expect(message).not.toMatch(/\s\s|[\n\t]/)
        expect(message.length).toBeLessThan(320)
      })
    )
  })

  it("tells the pause that the server asked for", () => {
    expect(apiError({ status: 429, retryAfter: 61_040 }).message).toContain("asks for a pause of 61 s")
  })

  it.each([
    [problem({ status: 401 }), "Get a new token"],
    [problem({ status: 403 }), "Ask for access"],
    [problem({ status: 404 }), "the sandbox is wiped"],
    [problem({ status: 400 }), "Check the request"],
    [apiError({ status: 410, operation: "getGraphQlQueryJobStatus" }), "graphql-bulk:<id>"],
    [apiError({ status: 410 }), "a newer version"],
    [apiError({ status: 429 }), "Ask less often"],
    [apiError({ status: 503 }), "Try again later"],
    [apiError({ status: 240 }), "give support the request id"],
    [transportError("ECONNREFUSED"), "Check the network"],
    [transportError("DEPTH_ZERO_SELF_SIGNED_CERT"), "NODE_EXTRA_CA_CERTS"],
    [transportError("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "NODE_EXTRA_CA_CERTS"],
    [transportError("UNABLE_TO_GET_ISSUER_CERT_LOCALLY"), "NODE_EXTRA_CA_CERTS"]
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
  ])("%i may pass: %s", (status, transient) => {
    expect(apiError({ status }).transient).toBe(transient)
    expect(Errors.isTransientStatus(status)).toBe(transient)
  })

  it("is data: it goes through JSON and comes back as itself", () => {
    const error = apiError({ status: 429, retryAfter: 7000, body: "€" })
    const json = JSON.parse(JSON.stringify(Schema.encodeSync(Errors.ApiError)(error)))
    const back = Schema.decodeUnknownSync(Errors.ApiError)(json)
    expect(back).toBeInstanceOf(Errors.ApiError)
    expect(back).toEqual(error)
    expect(back.message).toBe(error.message)
  })
})
