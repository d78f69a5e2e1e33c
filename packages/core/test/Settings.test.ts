import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { JobStatus, type JobStatusOptions, version } from "@ttd-jobs/core"
import { Simulator } from "@ttd-jobs/simulator"
import { Cause, ConfigProvider, Effect, Exit, Layer, Redacted } from "effect"
import { fixture, optionsFor, secret } from "./support/Fixture.ts"

const build = (options: JobStatusOptions) => Effect.exit(Effect.scoped(Layer.build(JobStatus.layer(options))))

const printed = (exit: Exit.Exit<unknown, unknown>) => (Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "")

/** What the server saw of the last request of a client with such options. */
const seenWith = Effect.fnUntraced(function* (options: JobStatusOptions) {
  const simulator = yield* Simulator
  const ref = yield* simulator.addJob({ duration: 0 })
  yield* JobStatus.use((jobs) => jobs.get(ref)).pipe(Effect.provide(JobStatus.layer(yield* optionsFor(options))))
  const request = (yield* simulator.report).requests.at(-1)
  return yield* Effect.fromNullishOr(request)
})

describe("the settings of a client", () => {
  it.effect.each([
    [{ server: "http://gateway.example", token: secret }, "server"],
    [{ resultLifetime: -1 }, "resultLifetime"],
    [{ resultLifetime: { standard: 0 } }, "resultLifetime.standard"],
    [{ token: "" }, "token"],
    [{ token: "   " }, "token"],
    [{ token: `${secret} and more` }, "token"],
    [{ token: `${secret}\nX-Evil: 1` }, "token"],
    [{ token: Redacted.make(`${secret}é`) }, "token"],
    [{ timeout: 0 }, "timeout"],
    [{ timeout: -1 }, "timeout"],
    [{ timeout: Number.NaN }, "timeout"],
    [{ concurrency: 0 }, "concurrency"],
    [{ concurrency: 5 }, "concurrency"],
    [{ concurrency: 1.5 }, "concurrency"],
    [{ retry: { exponent: 0.5 } }, "retry.exponent"],
    [{ retry: { exponent: Number.NaN } }, "retry.exponent"],
    [{ retry: { maxElapsedTime: -1 } }, "retry.maxElapsedTime"],
    [{ retry: { initialInterval: "-1 seconds" } }, "retry.initialInterval"],
    [{ headers: { "x-team": `${secret}\nX-Evil: 1` } }, "headers"],
    [{ headers: { "x team": secret } }, "headers"],
    [{ headers: { "TTD-Auth": secret } }, "headers"],
    [{ userAgent: `report\r\n${secret}` }, "userAgent"]
  ] as const)("%j is refused for its %s, and not repeated", ([options, setting]) =>
    Effect.map(build(options), (exit) => {
      expect(exit).toMatchObject(Exit.fail({ _tag: "InvalidSettingError", setting }))
      expect(`${inspect(exit)}${JSON.stringify(exit)}${printed(exit)}`).not.toContain(secret)
    })
  )

  it.effect("become headers: token, accept, user agent", () =>
    Effect.gen(function* () {
      const { headers, token } = yield* seenWith({ token: Redacted.make(` ${secret}\n`) })
      expect(token).toBe("valid")
      expect(headers["accept"]).toBe("application/json")
      expect(headers["user-agent"]).toBe(`ttd-jobs/${version}`)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("let headers be added and replaced in any case, but not the token", () =>
    Effect.gen(function* () {
      const { headers, token } = yield* seenWith({
        headers: { "X-Team": "reports", ACCEPT: "application/json, */*", "User-Agent": "mine/1" },
        userAgent: "ignored/2"
      })
      expect(token).toBe("valid")
      expect(headers).toMatchObject({
        "x-team": "reports",
        accept: "application/json, */*",
        "user-agent": "mine/1"
      })
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("name the caller before the package", () =>
    Effect.map(seenWith({ userAgent: "nightly-report/7" }), ({ headers }) => {
      expect(headers["user-agent"]).toBe(`nightly-report/7 ttd-jobs/${version}`)
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("may lack a token, where a gateway adds it", () =>
    Effect.gen(function* () {
      const { token, url } = yield* Simulator
      const exit = yield* JobStatus.use((jobs) => jobs.get("standard:1")).pipe(
        Effect.provide(JobStatus.layer({ server: url })),
        Effect.exit
      )
      expect(token).toBe(secret)
      expect(exit).toMatchObject(Exit.fail({ _tag: "ProblemDetailsError", status: 401 }))
      expect((yield* (yield* Simulator).report).requests.map((request) => request.token)).toEqual(["absent"])
    }).pipe(Effect.provide(fixture()))
  )
})

describe("JobStatus.layerConfig", () => {
  const withEnvironment = (variables: Record<string, string>) =>
    JobStatus.use((jobs) => jobs.get("standard:1")).pipe(
      Effect.provide(
        Layer.provide(JobStatus.layerConfig, ConfigProvider.layer(ConfigProvider.fromEnv({ env: variables })))
      )
    )

  it.effect("takes server and token from the environment", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator
      yield* simulator.addJob({ id: 1, duration: 0 })
      const snapshot = yield* withEnvironment({ WORKFLOWS_SERVER: simulator.url, WORKFLOWS_TTD_AUTH: secret })
      expect(snapshot.phase).toBe("succeeded")
      expect((yield* simulator.report).requests.map(({ token }) => token)).toEqual(["valid"])
    }).pipe(Effect.provide(fixture()))
  )

  it.effect("fails before it asks when they cannot be used", () =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(withEnvironment({ WORKFLOWS_SERVER: "production" }))).toMatchObject({
        _tag: "InvalidSettingError",
        setting: "server"
      })
      const error = yield* Effect.flip(withEnvironment({ WORKFLOWS_TTD_AUTH: `${secret} x` }))
      expect(error).toMatchObject({ _tag: "InvalidSettingError", setting: "token" })
      expect(inspect(error)).not.toContain(secret)
    })
  )
})
