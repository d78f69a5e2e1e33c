/** A fake upstream behind a `fetch`, for tests of single requests. */
import type { FetchFunction } from "@ttd-jobs/core"

/** A request as a `fetch` got it. */
export interface SentRequest {
  readonly url: string
  readonly init: RequestInit
  readonly headers: Readonly<Record<string, string>>
}

/** The JSON of a standard job. */
export const jobJson = (id: number | string, fields: Readonly<Record<string, unknown>> = {}) => ({
  id,
  createdAtUtc: "2026-11-23T20:49:00Z",
  status: "InProgress",
  ...fields
})

/** The job that a status URL names. */
export const idIn = (url: string): string => /\/(\d+)(?:\/status)?$/.exec(new URL(url).pathname)?.[1] ?? "0"

/** A `fetch` that keeps its requests; without a response of its own it responds with the job of the URL. */
export const recordingFetch = (
  respond: (request: SentRequest, index: number) => Response | Promise<Response> = job
) => {
  const requests: Array<SentRequest> = []
  const fetch: FetchFunction = async (url, init) => {
    const request = { url, init, headers: Object.fromEntries(new Headers(init.headers)) }
    requests.push(request)
    return respond(request, requests.length - 1)
  }
  return { fetch, requests }
}

const job = ({ url }: SentRequest) => Response.json(jobJson(idIn(url)))

/** The server of a fake upstream. */
export const server = "http://localhost:9"
