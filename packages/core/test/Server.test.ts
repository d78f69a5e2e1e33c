import { describe, expect, it } from "@effect/vitest"
import { baseUrlOf, isLoopback } from "@ttd-jobs/core"
import { Result } from "effect"

describe("baseUrlOf", () => {
  it.each([
    ["prod", "https://api.thetradedesk.com/workflows"],
    ["sandbox", "https://ext-api.sb.thetradedesk.com/workflows"],
    ["https://gateway.example/ttd/", "https://gateway.example/ttd"],
    ["https://gateway.example:8443//", "https://gateway.example:8443"],
    ["http://localhost:8080", "http://localhost:8080"],
    ["http://127.9.9.9/", "http://127.9.9.9"],
    ["http://[::1]:80/", "http://[::1]"],
    ["http://api.localhost:1/x", "http://api.localhost:1/x"],
    [new URL("https://gateway.example/a%20b"), "https://gateway.example/a%20b"]
  ])("%s is %s", (server, url) => {
    expect(Result.getOrThrow(baseUrlOf(server))).toBe(url)
  })

  it.each([
    ["production", "https URL"],
    ["", "https URL"],
    ["ftp://gateway.example", "https URL"],
    ["file:///etc/passwd", "https URL"],
    ["//gateway.example", "https URL"],
    ["http://gateway.example", "http on loopback"],
    ["http://127.0.0.1.example", "http on loopback"],
    ["http://localhost.example", "http on loopback"],
    ["http://10.0.0.1", "http on loopback"],
    ["https://user:hunter2@gateway.example", "without a user name and a password"],
    ["https://gateway.example/?key=hunter2", "without a query and a fragment"],
    ["https://gateway.example/#hunter2", "without a query and a fragment"]
  ])("%j is refused: %s", (server, reason) => {
    const error = Result.getOrThrow(Result.flip(baseUrlOf(server)))
    expect(error).toMatchObject({ _tag: "InvalidSettingError", setting: "server", transient: false })
    expect(error.message).toContain(reason)
    expect(error.message).toContain("prod, sandbox")
    expect(error.message).not.toContain("hunter2")
  })
})

describe("isLoopback", () => {
  it.each(["localhost", "a.localhost", "127.0.0.1", "127.255.0.3", "[::1]"])("%s", (host) => {
    expect(isLoopback(host)).toBe(true)
  })
  it.each(["", "localhost.", "notlocalhost", "128.0.0.1", "127.0.0.1.example", "[::2]", "0.0.0.0"])(
    "not %j",
    (host) => {
      expect(isLoopback(host)).toBe(false)
    }
  )
})
