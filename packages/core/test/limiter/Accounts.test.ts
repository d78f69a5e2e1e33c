import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { describe, expect, it } from "@effect/vitest"
import { JobStatus, type JobStatusOptions, Limiter, makeLimiter } from "@ttd-jobs/core"
import { Cause, Clock, Context, Effect, Exit, Fiber, Layer, Result, Scope } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { settingsOf } from "../../src/client/ClientOptions.ts"
import { type Account, accountKeyOf } from "../../src/limiter/AccountKey.ts"
import * as ClientLimiter from "../../src/limiter/ClientLimiter.ts"
import { defaultScopeOf } from "../../src/limiter/Limiter.ts"
import { ProcessLimiters } from "../../src/limiter/ProcessLimiters.ts"
import { refused, requestOf } from "../support/Requests.ts"

const account: Account = { baseUrl: "https://api.example", credential: "token-of-a-test", headers: {} }

/** A limiter as a client of this account opens it, until the scope closes. */
const open = (more: Partial<Account> = {}, concurrency = 4) =>
  ClientLimiter.open("process", { ...account, ...more }, concurrency)

/** How many of six requests at once are let through. */
const passing = Effect.fnUntraced(function* (...limiters: ReadonlyArray<Limiter>) {
  let passed = 0
  const attempt = Effect.andThen(
    Effect.sync(() => (passed += 1)),
    Effect.never
  )
  const fibers = yield* Effect.forEach(
    limiters.flatMap((limiter) => Array.from({ length: 6 }, () => limiter)),
    (limiter) => Effect.forkChild(limiter.run(requestOf(), attempt), { startImmediately: true })
  )
  yield* Fiber.interruptAll(fibers)
  return passed
})

const isPaused = (limiter: Limiter) => limiter.pausedUntil("getJobStatus") !== null

const pause = (limiter: Limiter, milliseconds = 600_000) =>
  Effect.flip(limiter.run(requestOf(), refused(429, milliseconds)))

describe("an account", () => {
  const texts = fc.string({ minLength: 1, maxLength: 12 })
  const anyAccount: fc.Arbitrary<Account> = fc.record({
    baseUrl: texts,
    credential: fc.option(texts, { nil: undefined }),
    headers: fc.dictionary(texts, texts, { maxKeys: 3 })
  })

  it("P11 is told apart exactly: by server, token and headers", () => {
    expect(accountKeyOf(account)).toBe(accountKeyOf({ ...account }))
    fc.assert(
      fc.property(anyAccount, anyAccount, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other)
        fc.pre(!isSame)
        expect(accountKeyOf(one) === accountKeyOf(other)).toBe(
          one.baseUrl === other.baseUrl &&
            one.credential === other.credential &&
            JSON.stringify(Object.entries(one.headers).toSorted()) ===
              JSON.stringify(Object.entries(other.headers).toSorted())
        )
      })
    )
  })

  it("P11 is the token provider's, whatever token it gives", () => {
    const provider = () => "a token"
    const same = { ...account, credential: provider }
    expect(accountKeyOf(same)).toBe(accountKeyOf({ ...account, credential: provider }))
    expect(accountKeyOf(same)).not.toBe(accountKeyOf({ ...account, credential: () => "a token" }))
    expect(accountKeyOf(same)).not.toBe(accountKeyOf({ ...account, credential: "1" }))
  })

  it("P11 is not changed by headers that describe one request", () => {
    const headers = { "x-request-id": "7f0a", traceparent: "00-1-2-01", "accept-language": "en" }
    expect(accountKeyOf({ ...account, headers })).toBe(accountKeyOf(account))
    expect(accountKeyOf({ ...account, headers: { authorization: "Bearer alice" } })).not.toBe(accountKeyOf(account))
  })

  it.effect("P11 shares permits and pauses among its own clients only", () =>
    Effect.gen(function* () {
      const [one, same, header, token, server] = yield* Effect.all([
        open(),
        open(),
        open({ headers: { authorization: "Bearer bob" } }),
        open({ credential: "another-token" }),
        open({ baseUrl: "https://sandbox.example" })
      ])
      expect(yield* passing(one, same)).toBe(4)
      expect(yield* passing(one, header, token, server)).toBe(16)
      yield* pause(one)
      expect([one, same, header, token, server].map(isPaused)).toEqual([true, true, false, false, false])
    })
  )

  it.effect("P11 keeps its pause when its last client is closed, and forgets it when it is long over", () =>
    Effect.gen(function* () {
      const client = Effect.fnUntraced(function* () {
        const limiter = yield* open()
        const before = isPaused(limiter)
        if (!before) yield* pause(limiter)
        return before
      }, Effect.scoped)
      expect(yield* Effect.all([client(), client(), client()])).toEqual([false, true, true])
      yield* TestClock.adjust("11 minutes")
      expect(yield* client()).toBe(false)
      yield* TestClock.adjust("2 hours")
      expect(yield* client()).toBe(false)
    })
  )

  it.effect("P11 is not slowed down nor broken by clients that are never closed", () =>
    Effect.gen(function* () {
      const limiters = ProcessLimiters.of(yield* Clock.Clock)
      const unclosed = Array.from({ length: 130_000 }, () => limiters.open(accountKeyOf(account), 4))
      expect(yield* passing(yield* open())).toBe(4)
      expect(unclosed).toHaveLength(130_000)
    })
  )

  it("P11 no longer counts an unclosed client that has been garbage-collected", async () => {
    setFlagsFromString("--expose-gc")
    const collect: () => void = runInNewContext("gc")
    const openIn = (concurrency: number) =>
      Effect.runSync(Scope.provide(open({ credential: "collected" }, concurrency), Scope.makeUnsafe()))
    const limiter = openIn(4)
    // In a function of its own: what a frame has held may stay alive for as long as the frame.
    const forget = () => {
      openIn(1)
    }
    forget()
    expect(await Effect.runPromise(passing(limiter))).toBe(1)
    for (let turn = 0; turn < 100 && (await Effect.runPromise(passing(limiter))) === 1; turn++) {
      collect()
      await new Promise((resume) => setImmediate(resume))
    }
    expect(await Effect.runPromise(passing(limiter))).toBe(4)
  })
})

describe("a closed client", () => {
  it.effect("P11 sends none of its calls that wait, and none that come later: they are interrupted", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const closing = yield* Scope.provide(open(), scope)
      const other = yield* open()
      let sent = 0
      const attempt = Effect.andThen(
        Effect.sync(() => (sent += 1)),
        Effect.sleep("1 second")
      )
      const call = (limiter: Limiter) =>
        Effect.forkChild(Effect.exit(limiter.run(requestOf(), attempt)), { startImmediately: true })
      const own = yield* Effect.forEach(Array(40), () => call(closing))
      const others = yield* Effect.forEach(Array(4), () => call(other))
      expect(sent).toBe(4)
      yield* Scope.close(scope, Exit.void)
      const late = yield* call(closing)
      yield* TestClock.adjust("1 minute")
      expect(sent).toBe(8)
      const exits = yield* Effect.forEach([...own, late], Fiber.join)
      expect(exits.filter(Exit.isSuccess)).toHaveLength(4)
      for (const exit of exits.filter(Exit.isFailure)) expect(Cause.hasInterruptsOnly(exit.cause)).toBe(true)
      expect((yield* Effect.forEach(others, Fiber.join)).every(Exit.isSuccess)).toBe(true)
    })
  )

  it.effect("P11 sends nothing either when it is closed in the moment in which its call gets a permit", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const closing = yield* Scope.provide(open({}, 1), scope)
      let sent = 0
      const attempt = Effect.andThen(
        Effect.sync(() => (sent += 1)),
        Effect.never
      )
      const call = () => Effect.forkChild(closing.run(requestOf(), attempt), { startImmediately: true })
      const first = yield* call()
      const second = yield* call()
      first.interruptUnsafe()
      yield* Scope.close(scope, Exit.void)
      expect(Cause.hasInterruptsOnly(yield* causeOf(second))).toBe(true)
      expect(sent).toBe(1)
    })
  )

  it.effect("P11 sends nothing through a limiter of the application", () =>
    Effect.gen(function* () {
      const held: Array<(effect: Effect.Effect<void>) => void> = []
      const own: Limiter = {
        run: (_, attempt) =>
          Effect.andThen(
            Effect.callback<void>((resume) => {
              held.push(resume)
            }),
            attempt
          ),
        pausedUntil: () => null
      }
      const scope = yield* Scope.make()
      const limiter = yield* Scope.provide(ClientLimiter.open(own, account, 4), scope)
      let sent = 0
      const attempt = Effect.sync(() => (sent += 1))
      const waiting = yield* Effect.forkChild(limiter.run(requestOf(), attempt), { startImmediately: true })
      yield* Scope.close(scope, Exit.void)
      for (const resume of held) resume(Effect.void)
      const late = yield* Effect.forkChild(limiter.run(requestOf(), attempt))
      for (const fiber of [waiting, late]) expect(Cause.hasInterruptsOnly(yield* causeOf(fiber))).toBe(true)
      expect(sent).toBe(0)
    })
  )
})

const causeOf = (fiber: Fiber.Fiber<unknown, unknown>) =>
  Effect.map(Fiber.await(fiber), (exit) => (Exit.isFailure(exit) ? exit.cause : Cause.empty))

describe("the option `limiter`", () => {
  const options: JobStatusOptions = {
    server: "http://localhost",
    token: "token-of-a-test",
    retry: false,
    fetch: async () => new Response("{}", { status: 429, headers: { "retry-after": "600" } })
  }

  /** What two clients of one account meet, the second after the server has asked the first for a pause. */
  const second = Effect.fnUntraced(function* (more: JobStatusOptions) {
    const client = Effect.map(Layer.build(JobStatus.layer({ ...options, ...more })), (context) =>
      Context.get(context, JobStatus)
    )
    const [first, then] = yield* Effect.all([client, client])
    yield* Effect.flip(first.get(1))
    return (yield* Effect.flip(then.get(2)))._tag
  })

  it.effect("shares a limiter in the process, or keeps it to the client", () =>
    Effect.gen(function* () {
      expect(yield* second({ token: "shared-by-default" })).toBe("RateLimitedError")
      expect(yield* second({ token: "shared-by-option", limiter: "process" })).toBe("RateLimitedError")
      expect(yield* second({ token: "kept", limiter: "client" })).toBe("ApiError")
    })
  )

  it.effect("is the `Limiter` reference's where a client names none", () =>
    Effect.gen(function* () {
      expect(yield* second({ token: "by-reference" })).toBe("ApiError")
      expect(yield* second({ token: "by-option", limiter: "process" })).toBe("RateLimitedError")
    }).pipe(Effect.provideService(Limiter, "client"))
  )

  it("is `client` on Cloudflare Workers, where one request cannot wake another", () => {
    expect(defaultScopeOf("Cloudflare-Workers")).toBe("client")
    for (const agent of ["Node.js/24", "Mozilla/5.0", undefined]) expect(defaultScopeOf(agent)).toBe("process")
  })

  it.effect("takes one limiter for clients of several tokens, each with its own concurrency", () =>
    Effect.gen(function* () {
      const shared = makeLimiter()
      const careful = yield* Scope.make()
      const one = yield* ClientLimiter.open(shared, account, 4)
      expect(yield* passing(one)).toBe(4)
      const other = yield* Scope.provide(ClientLimiter.open(shared, { ...account, credential: "another" }, 2), careful)
      expect(yield* passing(one, other)).toBe(2)
      yield* Scope.close(careful, Exit.void)
      expect(yield* passing(one)).toBe(4)
      yield* pause(one)
      expect(isPaused(shared)).toBe(true)
    })
  )

  it.effect("is asked for every attempt", () =>
    Effect.gen(function* () {
      const requests: Array<unknown> = []
      const inner = makeLimiter()
      const limiter: Limiter = {
        run: (request, attempt) => {
          requests.push(request)
          return inner.run(request, attempt)
        },
        pausedUntil: inner.pausedUntil
      }
      const jobs = Context.get(yield* Layer.build(JobStatus.layer({ ...options, limiter })), JobStatus)
      const start = yield* Clock.currentTimeMillis
      yield* Effect.flip(jobs.get("graphql:7ab2"))
      expect(requests).toEqual([
        { operation: "getGraphQlQueryJobStatus", ref: "graphql-query:7ab2", host: "localhost", until: start }
      ])
    })
  )

  it.each(["machine", 4, null, {}, { run: () => {} }])("is refused when it is %j", (limiter) => {
    // As JavaScript would give it.
    const result = settingsOf(Object.assign({}, options, { limiter }))
    expect(Result.getOrThrow(Result.flip(result))).toMatchObject({ _tag: "InvalidSettingError", setting: "limiter" })
  })
})

describe("ten thousand calls that end at once", () => {
  it.effect("P11 follow one another without growing the stack", () =>
    Effect.gen(function* () {
      const limiter = yield* open({ credential: "many" })
      const blockers = yield* Effect.forEach(Array(4), () =>
        Effect.forkChild(limiter.run(requestOf(), Effect.never), { startImmediately: true })
      )
      let sent = 0
      const attempt = Effect.sync(() => (sent += 1))
      const fibers = yield* Effect.forEach(Array(10_000), () =>
        Effect.forkChild(limiter.run(requestOf(), attempt), { startImmediately: true })
      )
      expect(sent).toBe(0)
      yield* Fiber.interruptAll(blockers)
      yield* Effect.forEach(fibers, Fiber.join)
      expect(sent).toBe(10_000)
    })
  )
})
