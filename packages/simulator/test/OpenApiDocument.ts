/** Validates responses against the OpenAPI document. */
import { readFileSync } from "node:fs"
import type { OperationId } from "@ttd-jobs/core"
import { Ajv2020 } from "ajv/dist/2020.js"
import addFormats from "ajv-formats"
import { parse } from "yaml"
import type { HttpResponse } from "./Requests.ts"

/** How a response to an operation violates the document; empty when it does not. */
export const violations = (
  operation: OperationId,
  { headers, status, text }: Pick<HttpResponse, "headers" | "status" | "text">,
  dates: Dates = "strict"
): ReadonlyArray<string> => {
  const pointer = responsePointer(operation, status)
  if (pointer === undefined) return [`status ${status} is not documented`]
  const missingId = headers.has("x-ttd-request-id") ? [] : ["the request id is missing"]
  const content = resolve(pointer)?.content
  if (content === undefined) return text === "" ? missingId : [`a body is not documented for ${status}`]
  const type = (headers.get("content-type") ?? "none").split(";", 1).join()
  const media = type in content ? type : "*/*"
  if (!(media in content)) return [`${type} is not documented for ${status}`]
  if (content[media]?.schema === undefined) return missingId
  const validate = validators[dates].getSchema(`document#${pointer}/content/${media.replace("/", "~1")}/schema`)
  if (validate === undefined) throw new Error(`${pointer} has no schema for ${media}`)
  const problems = validate(JSON.parse(text)) ? [] : (validate.errors ?? []).map(messageOf)
  return [...problems, ...missingId]
}

/** Whether a date-time must have an offset, as its format says, or may lack it, as the document's descriptions allow. */
export type Dates = "strict" | "offset-optional"

const document = parse(readFileSync(new URL("../../core/openapi/job-status.yaml", import.meta.url), "utf8"))

// Clients must tolerate unknown properties, but the simulator itself does not add any.
for (const name of Object.keys(document.components.schemas)) {
  if (name !== "ProblemDetails" && name !== "GatewayMessage") {
    document.components.schemas[name].additionalProperties = false
  }
}

const validatorOf = (dates: Dates) => {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  const relaxed = ajv.formats["iso-date-time"]
  if (dates === "offset-optional" && relaxed !== undefined) ajv.addFormat("date-time", relaxed)
  return ajv.addSchema(document, "document")
}

const validators = { strict: validatorOf("strict"), "offset-optional": validatorOf("offset-optional") }

const messageOf = (error: { readonly instancePath: string; readonly message?: string }) =>
  `${error.instancePath} ${error.message}`

interface ResponseObject {
  readonly $ref?: string
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>
}

interface PathItem {
  readonly get: { readonly operationId: string; readonly responses: Readonly<Record<string, ResponseObject>> }
}

/** The response object of a status: its own entry, or that of its class. */
const responsePointer = (operation: OperationId, status: number): string | undefined => {
  const items = Object.entries<PathItem>(document.paths)
  const [path, item] = items.find(([, { get }]) => get.operationId === operation) ?? []
  const key = [String(status), `${String(status)[0]}XX`].find((candidate) => item?.get.responses[candidate])
  if (path === undefined || key === undefined) return undefined
  const escaped = path.replaceAll("/", "~1").replaceAll("{", "%7B").replaceAll("}", "%7D")
  return item?.get.responses[key]?.$ref?.slice(1) ?? `/paths/${escaped}/get/responses/${key}`
}

const resolve = (pointer: string): ResponseObject | undefined =>
  pointer
    .slice(1)
    .split("/")
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/"))
    .reduce((value, part) => value?.[part], document)
