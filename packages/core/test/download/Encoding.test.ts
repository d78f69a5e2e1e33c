import { readFile } from "node:fs/promises"
import type { Socket } from "node:net"
import { join } from "node:path"
import { PassThrough } from "node:stream"
import { gzipSync } from "node:zlib"
import { assert, it } from "@effect/vitest"
import { CurrentTransport, JobStatus } from "@ttd-jobs/core"
import { downloadToFileEffect, downloadToStreamEffect } from "@ttd-jobs/core/node"
import { Effect, Stream } from "effect"
import * as FetchTransport from "../../src/download/FetchTransport.ts"
import { collect } from "./support/Downloads.ts"
import { folder, namesIn } from "./support/Folder.ts"
import { rawServer, withResultAt } from "./support/RawServer.ts"

const text = Buffer.from(Array.from({ length: 60_000 }, (_, index) => (index * 7919) % 1013).join(","))
const compressed = gzipSync(text)
const head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
const whole = [head, compressed]
const half = [head, compressed.subarray(0, compressed.length >> 1)]

const download = JobStatus.use((jobs) => collect(jobs.download("1")))

it.live("D4 a compressed file is decoded, and its link requested once", () =>
  Effect.gen(function* () {
    const { origin, requests } = yield* rawServer(whole, ["HTTP/1.1 410 Gone\r\n\r\n"])
    const path = join(yield* folder, "report.csv")
    const saved = yield* withResultAt(`${origin}/once`, downloadToFileEffect("1", path))
    assert.strictEqual(saved.bytes, text.length)
    assert.isTrue((yield* Effect.promise(() => readFile(path))).equals(text))
    assert.lengthOf(requests, 1)
    assert.include(requests[0]?.toLowerCase() ?? "", "accept-encoding: identity")
  })
)

it.live("D4 a compressed file that is incomplete is an error, and leaves nothing behind", () =>
  Effect.gen(function* () {
    const { origin, requests } = yield* rawServer(half)
    const directory = yield* folder
    const saving = downloadToFileEffect("1", join(directory, "report.csv"))
    const error = yield* Effect.flip(withResultAt(origin, saving))
    assert.deepStrictEqual([error._tag, "reason" in error && error.reason], ["DownloadError", "encoding"])
    assert.include(error.message, "the compressed body is incomplete")
    assert.deepStrictEqual(yield* namesIn(directory), [])
    // A second attempt shows that it is not the connection.
    assert.lengthOf(requests, 2)
  })
)

it.live("D4 a compressed file that broke off once is downloaded again", () =>
  Effect.gen(function* () {
    const { origin } = yield* rawServer(half, whole)
    const saving = downloadToFileEffect("1", join(yield* folder, "report.csv"))
    assert.strictEqual((yield* withResultAt(origin, saving)).bytes, text.length)
  })
)

it.live("D4 a compressed stream that is incomplete is an error, also on a Node stream", () =>
  Effect.gen(function* () {
    const { origin } = yield* rawServer(half)
    const error = yield* Effect.flip(withResultAt(origin, download))
    assert.propertyVal(error, "reason", "encoding")
    const output = new PassThrough()
    output.resume()
    const streaming = downloadToStreamEffect("1", output)
    assert.propertyVal(yield* Effect.flip(withResultAt(origin, streaming)), "reason", "encoding")
  })
)

it.live("D4 over fetch, which does not show the end of a compressed body, it is refused", () =>
  Effect.gen(function* () {
    const { origin, requests } = yield* rawServer(half)
    const overFetch = Effect.provideService(download, CurrentTransport, FetchTransport.make(globalThis.fetch))
    const error = yield* Effect.flip(withResultAt(origin, overFetch))
    assert.propertyVal(error, "reason", "encoding")
    assert.include(error.message, "gzip")
    assert.lengthOf(requests, 1)
  })
)

it.live("D3 any status line is a typed error, 204 an empty file, 22 KB of headers are read", () =>
  Effect.gen(function* () {
    for (const [line, status] of [
      ["999 Request denied", 999],
      ["101 Switching Protocols\r\nUpgrade: foo\r\nConnection: upgrade", 101],
      ["600 Strange", 600],
      ["000 Zero", 0]
    ] as const) {
      const { origin } = yield* rawServer([`HTTP/1.1 ${line}\r\nContent-Length: 0\r\n\r\n`])
      const saving = downloadToFileEffect("1", join(yield* folder, "report.csv"))
      const error = yield* Effect.flip(withResultAt(origin, saving))
      assert.deepStrictEqual(
        ["reason" in error && error.reason, "status" in error && error.status],
        ["refused", status]
      )
    }
    const empty = yield* rawServer(["HTTP/1.1 204 No Content\r\n\r\n"])
    assert.lengthOf(yield* withResultAt(empty.origin, download), 0)
    const long = yield* rawServer([`HTTP/1.1 200 OK\r\nX-Policy: ${"x".repeat(22_000)}\r\nContent-Length: 2\r\n\r\nok`])
    assert.lengthOf(yield* withResultAt(long.origin, download), 2)
  })
)

it.live("D11 a Location in UTF-8 is followed", () =>
  Effect.gen(function* () {
    const { origin, requests } = yield* rawServer(
      ["HTTP/1.1 302 Found\r\nLocation: /träume.csv\r\nContent-Length: 0\r\n\r\n"],
      ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"]
    )
    assert.lengthOf(yield* withResultAt(`${origin}/start`, download), 2)
    assert.include(requests[1] ?? "", "GET /tr%C3%A4ume.csv ")
  })
)

it.live("D3 bytes that came before the connection broke are kept", () =>
  Effect.gen(function* () {
    const { origin, requests } = yield* rawServer(
      (socket: Socket) => {
        socket.write(`HTTP/1.1 200 OK\r\nETag: "a"\r\nContent-Length: 1000\r\n\r\n${"x".repeat(200)}`)
        setTimeout(() => socket.resetAndDestroy(), 20)
      },
      [
        `HTTP/1.1 206 Partial\r\nETag: "a"\r\nContent-Range: bytes 200-999/1000\r\nContent-Length: 800\r\n\r\n${"y".repeat(800)}`
      ]
    )
    const slow = JobStatus.use((jobs) => collect(Stream.tap(jobs.download("1"), () => Effect.sleep("50 millis"))))
    assert.lengthOf(yield* withResultAt(origin, slow), 1000)
    assert.include(requests[1]?.toLowerCase() ?? "", "range: bytes=200-")
  })
)
