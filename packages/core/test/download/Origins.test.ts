import { assert, describe, layer } from "@effect/vitest"
import { DownloadError, type FileTransport, type LinkPolicy } from "@ttd-jobs/core"
import { Fault, Simulator } from "@ttd-jobs/simulator"
import { Effect } from "effect"
import { fixture, secret } from "../support/Fixture.ts"
import { Network } from "../support/Network.ts"
import { download, fileRequests, jobWith } from "./support/Downloads.ts"

const size = 5000
const gateway = "gw-7731-secret"

/** Which server each request for a file went to, and whether it brought the token or the caller's own headers. */
const trail = Effect.map(fileRequests, (requests) =>
  requests.map(({ headers, origin, token }) => [
    origin,
    token === "valid" || "x-gateway" in headers ? "sent" : "nothing"
  ])
)

const own = { headers: { "x-gateway": gateway } }

describe("D1 the token reaches the API's origin only", () => {
  layer(fixture())((it) => {
    it.effect("D1 it is not sent to where the link leads", () =>
      Effect.gen(function* () {
        yield* (yield* Simulator).reset
        const bytes = yield* download(yield* jobWith({ size }), {}, own)
        assert.strictEqual(bytes.length, size)
        assert.deepStrictEqual(yield* trail, [["files", "nothing"]])
      })
    )

    it.effect("D1 it is sent when the link leads to the API itself", () =>
      Effect.gen(function* () {
        yield* (yield* Simulator).reset
        const bytes = yield* download(yield* jobWith({ size, origin: "api" }), {}, own)
        assert.strictEqual(bytes.length, size)
        assert.deepStrictEqual(yield* trail, [["api", "sent"]])
      })
    )

    for (const status of [301, 302, 303, 307, 308] as const) {
      it.effect(`D1 it does not go along with a ${status} to another port`, () =>
        Effect.gen(function* () {
          const { reset, addFaults } = yield* Simulator
          yield* reset
          const ref = yield* jobWith({ size, origin: "api" })
          yield* addFaults(Fault.redirect({ status, to: "files" }))
          const bytes = yield* download(ref, {}, own)
          assert.strictEqual(bytes.length, size)
          assert.deepStrictEqual(yield* trail, [
            ["api", "sent"],
            ["files", "nothing"]
          ])
        })
      )
    }

    it.effect("D1 it stays with redirects inside the API's origin", () =>
      Effect.gen(function* () {
        const { reset, addFaults } = yield* Simulator
        yield* reset
        const ref = yield* jobWith({ size, origin: "api" })
        yield* addFaults(Fault.redirect({ to: "api", hops: 2 }))
        yield* download(ref, {}, own)
        assert.deepStrictEqual(yield* trail, Array(3).fill(["api", "sent"]))
      })
    )

    it.effect("D1 it is not sent again when a redirect comes back to the API", () =>
      Effect.gen(function* () {
        const { reset, addFaults } = yield* Simulator
        yield* reset
        const ref = yield* jobWith({ size, origin: "api" })
        yield* addFaults(Fault.redirect({ to: "files", hops: 2, alternate: true }))
        const error = yield* Effect.flip(download(ref, {}, own))
        assert.include(error.message, "401")
        assert.deepStrictEqual(yield* trail, [
          ["api", "sent"],
          ["files", "nothing"],
          ["api", "nothing"]
        ])
      })
    )

    it.effect("D1 it is sent to a host that the caller names, but not by way of a redirect", () =>
      Effect.gen(function* () {
        const { filesUrl, report, reset, addFaults } = yield* Simulator
        yield* reset
        const tokenHosts = [new URL(filesUrl).host]
        yield* download(yield* jobWith({ size }), { tokenHosts }, own)
        assert.strictEqual((yield* report).files.withToken, 1)
        assert.notInclude(JSON.stringify(yield* fileRequests), gateway)
        yield* reset
        const ref = yield* jobWith({ size, origin: "api" })
        yield* addFaults(Fault.redirect({ to: "files" }))
        yield* download(ref, { tokenHosts }, own)
        assert.strictEqual((yield* report).files.withToken, 0)
      })
    )

    it.effect("D1 neither the token nor a link's signature is in an error", () =>
      Effect.gen(function* () {
        const { addFaults } = yield* Simulator
        for (const fault of [
          Fault.response(451, { body: secret }),
          Fault.redirect({ hops: Number.POSITIVE_INFINITY })
        ]) {
          const ref = yield* jobWith({ size, origin: "api" })
          yield* addFaults({ fault, on: { file: ref } })
          const error = yield* Effect.flip(download(ref))
          const shown = `${error.message} ${error.stack} ${JSON.stringify(error)} ${error.advice}`
          assert.notInclude(shown, secret)
          assert.notMatch(shown, /sig=|expires=/)
        }
      })
    )
  })
})

describe("D2 where a download goes", () => {
  layer(fixture())((it) => {
    for (const [location, why] of [
      ["http://storage.example/report.csv", "plain http"],
      ["ftp://storage.example/report.csv", "a ftp: URL (expected https:)"],
      ["data:text/csv,a", "a data: URL (expected https:)"],
      ["https://user:pass@storage.example/report.csv", "a user name or a password"],
      ["http://[::1", "no valid URL"]
    ] as const) {
      it.effect(`D2 a redirect to ${location} is not followed`, () =>
        Effect.gen(function* () {
          const { addFaults } = yield* Simulator
          const { transport } = yield* Network
          const requested: Array<string> = []
          const noting: FileTransport = (request) => {
            requested.push(request.url.hostname)
            return transport(request)
          }
          const ref = yield* jobWith({ size })
          yield* addFaults({ fault: Fault.redirectTo(location), on: { file: ref } })
          const error = yield* Effect.flip(download(ref, {}, { transport: noting }))
          assert.instanceOf(error, DownloadError)
          assert.strictEqual(error.reason, "unsafe-link")
          assert.include(error.message, why)
          assert.deepStrictEqual([...new Set(requested)], ["127.0.0.1"])
        })
      )
    }

    it.effect("D2 a link or redirect from elsewhere does not lead to plain http on this machine", () =>
      Effect.gen(function* () {
        const elsewhere: typeof fetch = async (input) => {
          const { hostname } = new URL(input instanceof Request ? input.url : String(input))
          assert.strictEqual(hostname, "api.thetradedesk.com")
          const url = "http://127.0.0.1:631/admin"
          return Response.json({ id: 7, createdAtUtc: new Date().toISOString(), status: "Success", url })
        }
        const error = yield* Effect.flip(download("7", {}, { server: "prod", fetch: elsewhere }))
        assert.include(error.message, "must not link to this machine")
      })
    )

    it.effect("D2 a server elsewhere does not lead to this machine by https either", () =>
      Effect.gen(function* () {
        const url = "https://localhost:8443/x"
        const fetch = async () => Response.json({ id: 7, createdAtUtc: "2026-11-23T20:49:00Z", status: "Success", url })
        const error = yield* Effect.flip(download("7", {}, { server: "prod", fetch }))
        assert.include(error.message, "must not link to this machine")
      })
    )

    it.effect("D2 a link policy decides about every hop before it is requested", () =>
      Effect.gen(function* () {
        const { addFaults, report, reset } = yield* Simulator
        yield* reset
        yield* addFaults(Fault.redirect({ hops: 2 }))
        const seen: Array<string> = []
        const linkPolicy: LinkPolicy = ({ pathname }) => {
          seen.push(pathname)
          return seen.length < 3 || "its address is private"
        }
        const error = yield* Effect.flip(download(yield* jobWith({ size }), { linkPolicy }))
        assert.propertyVal(error, "reason", "unsafe-link")
        assert.include(error.message, "its address is private")
        assert.lengthOf(seen, 3)
        assert.strictEqual((yield* report).files.requests, 2)
      })
    )

    it.effect("D2 five redirects are followed, a sixth is not, and no connection is left", () =>
      Effect.gen(function* () {
        const { report, reset, addFaults } = yield* Simulator
        yield* reset
        const ref = yield* jobWith({ size })
        yield* addFaults(Fault.redirect({ hops: 5 }))
        assert.strictEqual((yield* download(ref)).length, size)
        yield* addFaults(Fault.redirect({ hops: 6 }))
        const error = yield* Effect.flip(download(ref))
        assert.include(error.message, "more than 5 times")
        const { files } = yield* report
        assert.strictEqual(files.requests, 6 + 6)
        assert.strictEqual(files.inFlight, 0)
      })
    )

    it.effect("D2 where a browser hides redirects, it follows them itself, but never with the token", () =>
      Effect.gen(function* () {
        const { report, reset, addFaults } = yield* Simulator
        const hiding: typeof fetch = async (input, init) => {
          const response = await fetch(input, init)
          const isRedirect = response.status >= 300 && response.status < 400
          return isRedirect ? Object.defineProperty(new Response(null), "type", { value: "opaqueredirect" }) : response
        }
        yield* reset
        yield* addFaults(Fault.redirect({ hops: 2 }))
        assert.strictEqual((yield* download(yield* jobWith({ size }), {}, { fetch: hiding })).length, size)
        const ref = yield* jobWith({ size, origin: "api" })
        yield* addFaults({ fault: Fault.redirect({ to: "files" }), on: { file: ref } })
        const error = yield* Effect.flip(download(ref, {}, { fetch: hiding }))
        assert.propertyVal(error, "reason", "unsafe-link")
        assert.strictEqual((yield* report).files.withToken, 0)
      })
    )
  })
})
