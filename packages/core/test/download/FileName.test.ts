import { describe, expect, it } from "@effect/vitest"
import { JobRef } from "@ttd-jobs/core"
import { fileName } from "@ttd-jobs/core/node"
import { create } from "content-disposition"
import { Result } from "effect"
import * as fc from "fast-check"

const refOf = (text: string) => Result.getOrThrow(JobRef.parse(text))
const job = refOf("standard:412651")
const unnamed = { contentDisposition: null, contentType: null, linkName: null }
const nameFor = (ref: JobRef, contentDisposition: string | null) => fileName(ref, { ...unnamed, contentDisposition })
const named = (name: string) => nameFor(job, create(name))

describe("the name of a saved result", () => {
  it("is the server's where that is plain", () => {
    expect(named("campaigns 2026.csv")).toBe("campaigns 2026.csv")
    expect(nameFor(job, "attachment; filename*=UTF-8''%E5%A0%B1%E5%91%8A.csv")).toBe("報告.csv")
    expect(nameFor(job, "inline; filename=\"a.csv\"; filename*=UTF-8''b.csv")).toBe("b.csv")
  })

  it("is made of the job's reference where the server has none", () => {
    for (const header of [
      null,
      "",
      "attachment",
      "attachment; filename=",
      'attachment; filename=".."',
      ";;=",
      "\u0000"
    ]) {
      expect(nameFor(job, header)).toBe("standard-412651")
    }
    expect(nameFor(refOf("graphql-bulk:../../etc/passwd"), null)).toBe("graphql-bulk-.._.._etc_passwd")
  })

  it("D11 is read as RFC 8187, RFC 2047 and plain UTF-8", () => {
    for (const [header, name] of [
      ['attachment; filename="Bericht-für-日本.csv"', "Bericht-für-日本.csv"],
      ['attachment; filename="=?utf-8?B?w6TDtmIuY3N2?="', "äöb.csv"],
      ["attachment; filename==?utf-8?Q?tr=C3=A4ume_2026.csv?=", "träume 2026.csv"],
      ['attachment; filename="=?iso-8859-1?q?caf=E9.csv?="', "café.csv"],
      ['attachment; filename="=?utf-8?B?w6Q=?= =?utf-8?B?w7YuY3N2?="', "äö.csv"],
      ['attachment; filename="=?x-unknown?B?YQ==?=.csv"', "=_x-unknown_B_YQ==_=.csv"],
      ['attachment; filename="=?utf-8?B?Li4vLi4vZXRjL3Bhc3N3ZA==?="', "passwd"]
    ] as const) {
      expect(nameFor(job, header)).toBe(name)
    }
  })

  it("is the link's where the server has none and the link has an extension, else the job with one for its type", () => {
    const name = (file: Partial<typeof unnamed> | { linkName: string } | { contentType: string }) =>
      fileName(job, { ...unnamed, ...file })
    expect(name({ linkName: "träume 2026.csv" })).toBe("träume 2026.csv")
    expect(name({ linkName: "../../etc/cron.d" })).toBe("cron.d")
    expect(name({ linkName: "412651" })).toBe("standard-412651")
    expect(name({ contentType: "text/csv; charset=utf-8" })).toBe("standard-412651.csv")
    expect(name({ contentType: "application/json", linkName: "result" })).toBe("standard-412651.json")
    expect(name({ contentType: "application/octet-stream" })).toBe("standard-412651")
  })

  it("D11 has no path, no reserved name, nothing hidden, nothing like a flag", () => {
    expect(named("../../etc/passwd")).toBe("passwd")
    expect(named("C:\\Windows\\system.ini")).toBe("system.ini")
    expect(named(".bashrc")).toBe("bashrc")
    expect(named("-rf")).toBe("rf")
    for (const reserved of ["CON", "nul.txt", "com1.csv", "LPT9"]) expect(named(reserved)).not.toBe(reserved)
    expect(named("a\u202egpj.exe")).not.toContain("\u202e")
  })

  it("D11 is a plain name of at most 200 bytes, whatever server and reference say", () => {
    const part = fc.constantFrom(
      "..",
      "/",
      "\\",
      ".",
      "-",
      " ",
      "a",
      "報",
      "👩‍👩‍👧",
      ":",
      "\u0000",
      "\u001b[31m",
      "CON",
      "~",
      "%2F",
      '"',
      ";"
    )
    const name = fc.oneof(
      fc.array(part, { maxLength: 90 }).map((parts) => parts.join("")),
      fc.string({ unit: "grapheme" })
    )
    const header = fc.oneof(
      fc.constant(null),
      name,
      name.map((text) => `attachment; filename="${text}"`),
      name.map((text) => `attachment; filename*=UTF-8''${encodeURIComponent(text.toWellFormed())}`)
    )
    const id = name
      .map((text) => `graphql-bulk:${text.toWellFormed()}`)
      .filter((text) => Result.isSuccess(JobRef.parse(text)))
    fc.assert(
      fc.property(id, header, (id, header) => {
        const safe = nameFor(refOf(id), header)
        expect(safe).not.toMatch(/[/\\:\p{Cc}]|^[.\-\s]|^$|[.\s]$/u)
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200)
      })
    )
  })
})
