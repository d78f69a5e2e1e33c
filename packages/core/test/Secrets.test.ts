import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { JobStatus, type JobStatusOptions } from "@ttd-jobs/core"
import { createClient } from "@ttd-jobs/core/promise"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Cause, Effect, Exit, Logger, Tracer } from "effect"
import { fixture, optionsFor, secret } from "./support/Fixture.ts"
import { keepingSpans } from "./support/Spans.ts"

const everything = { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }

/** All that a program can tell of a failure: errors, causes, logs and spans, in every form. */
const traces = Effect.fnUntraced(function* (fault: Fault.Fault | undefined, options: JobStatusOptions, token = secret) {
  if (fault !== undefined) yield* (yield* Simulator).addFaults(fault)
  const { spans, tracer } = keepingSpans()
  const lines: Array<string> = []
  const logs = [Logger.formatJson, Logger.formatLogFmt, Logger.formatSimple].map((format) =>
    Logger.map(format, (line) => void lines.push(line))
  )
  const call = JobStatus.use((jobs) => jobs.get("standard:1")).pipe(
    Effect.tapCause((cause) => Effect.logError("it failed", cause)),
    Effect.exit,
    Effect.provide(JobStatus.layer({ retry: false, ...(yield* optionsFor({ token, ...options })) })),
    Effect.provideService(Tracer.Tracer, tracer),
    Effect.provide(Logger.layer(logs))
  )
  const exit = yield* call
  const cause = Exit.isFailure(exit) ? exit.cause : Cause.empty
  const error = Cause.squash(cause)
  const texts = [
    inspect(exit, everything),
    JSON.stringify(exit),
    String(error),
    error instanceof Error ? error.stack : "",
    Cause.pretty(cause),
    ...spans.map((span) => inspect({ ...span, attributes: [...span.attributes] }, everything)),
    ...spans.map(({ status }) => inspect(status, everything)),
    ...lines
  ]
  return { exit, lines, spans, text: texts.join("\n") }
})

const failingWith =
  (error: unknown): typeof globalThis.fetch =>
  () =>
    Promise.reject(error)

/** What a browser shows of a redirect: nothing but that there was one. */
class HiddenRedirect extends Response {
  override get type(): ResponseType {
    return "opaqueredirect"
  }
  override get status(): number {
    return 0
  }
}

const request = (token: string) => new Request("https://api.example/", { headers: { "ttd-auth": token } })

describe("the token appears nowhere", () => {
  it.effect.each([
    ["an honest refusal", undefined],
    ["a page that echoes it", Fault.response(200, { body: `<p>${secret}</p>`, contentType: "text/html" })],
    ["a problem that echoes it", Fault.problem(403, { detail: secret, headers: { "ttd-auth": [secret] } })],
    ["a problem whose member is named after it", Fault.problem(403, { [secret]: 1 })],
    [
      "JSON that does not fit",
      Fault.response(200, { body: JSON.stringify({ id: secret }), contentType: "application/json" })
    ],
    ["text that is no JSON", Fault.malformedJson(secret)],
    ["a content type that holds it", Fault.wrongContentType(`text/${secret}`)],
    ["a request id that holds it", Fault.response(500, { headers: { "x-ttd-request-id": secret } })],
    ["a redirect to it", Fault.redirectTo(`https://example.com/?token=${secret}`)],
    ["a Retry-After that holds it", Fault.tooManyRequests(secret)],
    ["a body whose end is cut at the token", Fault.response(500, { body: `${"x".repeat(2040)}${secret}` })],
    ["a reset", Fault.connectionReset],
    ["a cut body", Fault.truncatedBody(9)]
  ] as const)("after %s", ([, fault]) =>
    Effect.gen(function* () {
      const { exit, lines, spans, text } = yield* traces(fault, {})
      expect(Exit.isFailure(exit)).toBe(true)
      expect([lines.length, spans.length]).toEqual([3, 1])
      expect(text).not.toContain(secret)
      expect(text).not.toContain(secret.slice(0, 8))
    }).pipe(Effect.provide(fixture()))
  )

  it.effect.each([
    ["a message", new TypeError(`cannot send ${secret}`)],
    ["a cause of a cause", new TypeError("fetch failed", { cause: new Error("no", { cause: new Error(secret) }) })],
    [
      "a request",
      Object.assign(new TypeError("fetch failed"), { request: request(secret), config: { token: secret } })
    ],
    ["no error at all", { headers: { "ttd-auth": secret } }],
    ["a text", `no ${secret}`]
  ] as const)("after a fetch of one's own threw it in %s", ([, thrown]) =>
    Effect.gen(function* () {
      const { exit, text } = yield* traces(undefined, { fetch: failingWith(thrown) })
      expect(exit).toMatchObject(Exit.fail({ _tag: "TransportError" }))
      expect(text).not.toContain(secret)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("after it was echoed as JSON or as a URL writes it", () => {
    const token = 'tok"S3cr3t/7f0a\\91=='
    const body = `${JSON.stringify(token)} ?token=${encodeURIComponent(token)} ${token}`
    return Effect.gen(function* () {
      const { exit, text } = yield* traces(Fault.response(500, { body }), {}, token)
      expect(exit).toMatchObject(Exit.fail({ body: '"<redacted>" ?token=<redacted> <redacted>' }))
      expect(text).not.toContain("S3cr3t")
    }).pipe(Effect.provide(fixture()))
  })

  it.effect("in a client, whatever is printed of it", () =>
    Effect.gen(function* () {
      const client = createClient(yield* optionsFor())
      expect(inspect(client, everything) + JSON.stringify(client)).not.toContain(secret)
      expect(inspect(yield* JobStatus, everything)).not.toContain(secret)
      yield* Effect.promise(() => client.close())
    }).pipe(Effect.provide(fixture()))
  )
})

describe("the query of a signed link appears nowhere", () => {
  const link = `https://files.example/report.csv?expires=9&sig=${secret}`

  it.effect.each([
    [
      "JSON that does not fit",
      Fault.response(200, { body: JSON.stringify({ url: link }), contentType: "application/json" })
    ],
    ["JSON that escapes slashes", Fault.response(500, { body: `{"url":"${link.replaceAll("/", "\\/")}"}` })],
    ["a page", Fault.response(502, { body: `<a href='${link}'>there</a>`, contentType: "text/html" })],
    ["a link whose end is cut", Fault.response(500, { body: `${"x".repeat(2000)} ${link}` })]
  ] as const)("after %s", ([, fault]) =>
    Effect.gen(function* () {
      const { text } = yield* traces(fault, {}, "tok_another-7f0a91c2")
      expect(text).toContain("https:")
      expect(text).not.toContain("expires=")
      expect(text).not.toContain("sig=")
    }).pipe(Effect.provide(fixture()))
  )
})

describe("the token goes to the API alone", () => {
  it.effect.each([301, 302, 303, 307, 308] as const)("and not along a %i, here or elsewhere", (status) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      const places = [
        `${simulator.filesUrl}/results/x`,
        `${simulator.url}/standardjob/2/status`,
        "/standardjob/3/status"
      ]
      yield* simulator.addFaults(places.map((place) => Fault.redirectTo(place, status)))
      for (const _ of places) {
        const error = yield* Effect.flip(JobStatus.use((jobs) => jobs.get("standard:1")))
        expect(error).toMatchObject({ _tag: "ApiError", status })
      }
      const { files, requests } = yield* simulator.report
      expect(files).toMatchObject({ requests: 0, withToken: 0 })
      expect(requests.map(({ path, token }) => [path, token])).toEqual(
        Array(3).fill(["/standardjob/1/status", "valid"])
      )
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("and a redirect that a browser hides is one all the same", () =>
    Effect.gen(function* () {
      const options = yield* optionsFor({ fetch: () => Promise.resolve(new HiddenRedirect()) })
      const error = yield* Effect.flip(JobStatus.use((jobs) => jobs.get("standard:1"))).pipe(
        Effect.provide(JobStatus.layer(options))
      )
      expect(error).toMatchObject({ _tag: "ApiError", status: 302, transient: false })
    }).pipe(Effect.provide(fixture()))
  )
})
