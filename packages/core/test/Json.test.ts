import { describe, expect, it } from "@effect/vitest"
import { JobStatus, type JobStatusOptions } from "@ttd-jobs/core"
import { Effect } from "effect"
import fc from "fast-check"

const largest = 2n ** 63n - 1n
const smallest = -(2n ** 63n)

const withoutIds = fc.json({ maxDepth: 6 }).filter((text) => !/id"\s*:/i.test(text))

/** How a client reads the text of a response; no server is needed for that. A job with a text for an id may be any job. */
const read = (text: string, options: JobStatusOptions = {}) =>
  JobStatus.use((jobs) => jobs.getGraphQlBulkJobStatus("any")).pipe(
    Effect.provide(
      JobStatus.layer({
        server: "http://localhost",
        fetch: () => Promise.resolve(new Response(text, { headers: { "content-type": "application/json" } })),
        ...options
      })
    )
  )

const job = (id: string, more = "") =>
  `{"job":{"id":${id},"createdAt":"2026-11-23T20:49:00Z","status":"InProgress","runtimeErrors":[]${more}}}`

describe("ids in JSON", () => {
  it("come with all their digits, for every int64", () =>
    fc.assert(
      fc.asyncProperty(fc.bigInt({ min: smallest, max: largest }), async (id) => {
        const response = await Effect.runPromise(read(job(String(id))))
        expect(response.job?.id).toBe(String(id))
      })
    ))

  it.effect.each([
    ["the largest int64", "9223372036854775807"],
    ["the smallest int64", "-9223372036854775808"],
    ["2^53 - 1", "9007199254740991"],
    ["2^53", "9007199254740992"],
    ["2^53 + 1, which no number holds", "9007199254740993"],
    ["zero", "0"]
  ] as const)("%s", ([, id]) =>
    Effect.map(read(job(id)), (response) => {
      expect(response.job?.id).toBe(id)
    })
  )

  it.effect("may be JSON strings", () =>
    Effect.map(read(job('"9223372036854775807"')), (response) => {
      expect(response.job?.id).toBe("9223372036854775807")
    })
  )

  it.effect("are found under an escaped name, between spaces and beside look-alikes", () => {
    const decoys = `,"rawResult":"{\\"id\\":1}, \\"id\\": 9007199254740993","extra":[{"id":9007199254740995},"\\"id\\":7"]`
    const text = job("9223372036854775807", decoys).replace('"id":', '"\\u0069d" \n:\t ')
    return Effect.map(read(text), (response) => {
      expect(response.job?.id).toBe("9223372036854775807")
      expect(response.job?.rawResult).toBe('{"id":1}, "id": 9007199254740993')
    })
  })

  it.effect.each(["1.5", "1e300", "9007199254740993.0", "99999999999999999999", "null", "true", '"x"', '""', "[1]"])(
    "are refused as %s",
    (id) =>
      Effect.map(Effect.flip(read(job(id))), (error) => {
        expect(error).toMatchObject({ _tag: "ResponseDecodeError", status: 200 })
        expect("issue" in error ? error.issue : "").toContain("job.id")
      })
  )

  it.effect("are refused rather than rounded where the runtime hides their digits", () => {
    const parse = JSON.parse
    const withoutSource = (text: string, reviver?: (key: string, value: unknown) => unknown) =>
      parse(text, reviver === undefined ? undefined : (key, value) => reviver(key, value))
    return Effect.gen(function* () {
      yield* Effect.acquireRelease(
        Effect.sync(() => {
          JSON.parse = withoutSource
        }),
        () =>
          Effect.sync(() => {
            JSON.parse = parse
          })
      )
      const error = yield* Effect.flip(read(job("9007199254740993")))
      expect(error).toMatchObject({ _tag: "ResponseDecodeError" })
      expect(error.message).toContain("cannot read an id above 2^53 - 1 exactly")
      expect((yield* read(job("412651"))).job?.id).toBe("412651")
    })
  })
})

describe("everything else in JSON", () => {
  it("is what JSON.parse makes of it", () =>
    fc.assert(
      fc.asyncProperty(withoutIds, async (value) => {
        const problem = `{"title":"t","value":${value}}`
        const error = await Effect.runPromise(
          Effect.flip(
            read(problem, {
              fetch: () =>
                Promise.resolve(
                  new Response(problem, { status: 400, headers: { "content-type": "application/problem+json" } })
                )
            })
          )
        )
        expect(error).toMatchObject({ _tag: "ProblemDetailsError" })
        expect("extensions" in error ? error.extensions["value"] : undefined).toEqual(JSON.parse(value))
      })
    ))
})
