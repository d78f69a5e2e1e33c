import { describe, expect, it } from "@effect/vitest"
import { Redaction, withoutQueries } from "../../src/http/Redaction.ts"

const redaction = (token: string, headers: Readonly<Record<string, string>> = {}) => {
  const redaction = new Redaction()
  redaction.addToken(token)
  redaction.addHeaders(Object.entries(headers))
  return redaction
}

describe("redaction", () => {
  it.each([
    ["the token", "no tok_S3cr3t-7f0a91c2!", "no <redacted>!"],
    ["a header's value", "got Bearer gateway-secret-0123", "got <redacted>"],
    ["a header's value without its scheme", "got gateway-secret-0123", "got <redacted>"],
    ["the value of a cookie", "session abcdefgh123 ended", "session <redacted> ended"],
    ["the start of a secret at the end of a text that was cut off", "no tok_S3cr3t-7f", "no <redacted>"],
    ["the query of a link", "at https://x.example/a?sig=1&b=2 there", "at https://x.example/a?<redacted> there"],
    ["the fragment of a link", "at https://x.example/a#token=1", "at https://x.example/a#<redacted>"],
    ["the password of a link", "at https://me:hunter2@x.example/a", "at https://<redacted>@x.example/a"]
  ])("hides %s", (_, text, expected) => {
    const headers = { Authorization: "Bearer gateway-secret-0123", cookie: "session=abcdefgh123; theme=d" }
    expect(redaction("tok_S3cr3t-7f0a91c2", headers).text(text)).toBe(expected)
  })

  it("leaves short values, and headers that describe the request, alone", () => {
    const { text } = redaction("short", {
      "x-tenant": "7",
      accept: "application/json",
      "user-agent": "nightly-report/7"
    })
    expect(text("short 7 application/json nightly-report/7")).toBe("short 7 application/json nightly-report/7")
  })

  it("hides secrets in JSON, in names too, and however they are escaped there", () => {
    const { json } = redaction('tok"S3cr3t/7f0a')
    expect(json(JSON.parse('{"tok\\u0022S3cr3t\\/7f0a":["x tok\\"S3cr3t/7f0a",1,null]}'))).toEqual({
      "<redacted>": ["x <redacted>", 1, null]
    })
  })

  it("remembers the last tokens of a provider", () => {
    const tokens = Array.from({ length: 20 }, (_, index) => `token-number-${100 + index}`)
    const redaction = new Redaction()
    for (const token of tokens) redaction.addToken(token)
    expect(redaction.text(tokens.slice(-8).join(" "))).toBe(Array(8).fill("<redacted>").join(" "))
  })

  it("keeps links without a query as they are", () => {
    expect(withoutQueries("see https://docs.example/a/b, or http:\\/\\/x.example\\/c")).toBe(
      "see https://docs.example/a/b, or http:\\/\\/x.example\\/c"
    )
  })
})
