/** The OpenAPI document as a judge of responses. */
import { readFileSync } from "node:fs"
import type { OperationId } from "@ttd-jobs/core"
import { Ajv2020 } from "ajv/dist/2020.js"
import addFormats from "ajv-formats"
import { parse } from "yaml"
import type { HttpResponse } from "./Requests.ts"

/** What is wrong with an response to an operation; empty when the document allows it. */
export const violations = (
  operation: OperationId,
  { headers, status, text }: Pick<HttpResponse, "headers" | "status" | "text">,
  dates: Dates = "strict"
): ReadonlyArray<string> => {
  const pointer = responsePointer(operation, status)
  if (pointer === undefined) return [`status ${status} is not documented`]
  const type = (headers.get("content-type") ?? "none").split(";", 1).join()
  const schema = `${pointer}/content/${type.replace("/", "~1")}/schema`
  const judge = judges[dates].getSchema(`document#${schema}`)
  if (judge === undefined) return [`${type} is not documented for ${status}`]
  const body: unknown = JSON.parse(text)
  const problems = judge(body) ? [] : (judge.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
  return headers.has("x-ttd-request-id") ? problems : [...problems, "the request id is missing"]
}

/** Whether a date-time must have an offset, as its format says, or may lack it, as the document's words allow. */
export type Dates = "strict" | "offset-optional"

const document = parse(readFileSync(new URL("../../core/openapi/job-status.yaml", import.meta.url), "utf8"))

// What is unknown must be tolerated by clients, but the simulator itself makes nothing up.
for (const name of Object.keys(document.components.schemas)) {
  if (name !== "ProblemDetails") document.components.schemas[name].additionalProperties = false
}

const judgeOf = (dates: Dates) => {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  const relaxed = ajv.formats["iso-date-time"]
  if (dates === "offset-optional" && relaxed !== undefined) ajv.addFormat("date-time", relaxed)
  return ajv.addSchema(document, "document")
}

const judges = { strict: judgeOf("strict"), "offset-optional": judgeOf("offset-optional") }

interface PathItem {
  readonly get: {
    readonly operationId: string
    readonly responses: Readonly<Record<string, { readonly $ref?: string }>>
  }
}

const responsePointer = (operation: OperationId, status: number): string | undefined => {
  const items = Object.entries<PathItem>(document.paths)
  const [path, item] = items.find(([, { get }]) => get.operationId === operation) ?? []
  const key = [String(status), `${String(status)[0]}XX`].find((candidate) => item?.get.responses[candidate])
  if (path === undefined || key === undefined) return undefined
  const escaped = path.replaceAll("/", "~1").replaceAll("{", "%7B").replaceAll("}", "%7D")
  return item?.get.responses[key]?.$ref?.slice(1) ?? `/paths/${escaped}/get/responses/${key}`
}
