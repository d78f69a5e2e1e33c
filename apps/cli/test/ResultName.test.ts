import { describe, expect, it } from "@effect/vitest"
import { JobRef } from "@ttd-jobs/core"
import { create } from "content-disposition"
import { Result } from "effect"
import fc from "fast-check"
import { resultName } from "../src/saving/ResultName.ts"

const refOf = (text: string) => Result.getOrThrow(JobRef.parse(text))
const job = refOf("standard:412651")
const told = (name: string) => resultName(job, create(name))

describe("the name of a saved result", () => {
  it("is the server's where that is plain", () => {
    expect(told("campaigns 2026.csv")).toBe("campaigns 2026.csv")
    expect(resultName(job, "attachment; filename*=UTF-8''%E5%A0%B1%E5%91%8A.csv")).toBe("報告.csv")
    expect(resultName(job, "inline; filename=\"a.csv\"; filename*=UTF-8''b.csv")).toBe("b.csv")
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
      expect(resultName(job, header)).toBe("standard-412651")
    }
    expect(resultName(refOf("graphql-bulk:../../etc/passwd"), null)).toBe("graphql-bulk-.._.._etc_passwd")
  })

  it("D11 has no path, no reserved name, nothing hidden, nothing like a flag", () => {
    expect(told("../../etc/passwd")).toBe("passwd")
    expect(told("C:\\Windows\\system.ini")).toBe("system.ini")
    expect(told(".bashrc")).toBe("bashrc")
    expect(told("-rf")).toBe("rf")
    for (const reserved of ["CON", "nul.txt", "com1.csv", "LPT9"]) expect(told(reserved)).not.toBe(reserved)
    expect(told("a\u202egpj.exe")).not.toContain("\u202e")
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
        const safe = resultName(refOf(id), header)
        expect(safe).not.toMatch(/[/\\:\p{Cc}]|^[.\-\s]|^$|[.\s]$/u)
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200)
      })
    )
  })
})
