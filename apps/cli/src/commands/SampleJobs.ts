/**
 * Jobs to try things with: at least one of each kind, and one for each way to end.
 *
 * @module
 */
import { type JobScript, ResultScript } from "@ttd-jobs/simulator"

/** A job, and what is to be seen in it. */
export interface SampleJob {
  readonly script: JobScript
  /** What happens to it, as the end of a sentence that its reference begins. */
  readonly story: string
}

/** The samples, all of them new: the slowest takes `seconds` to end. */
export const sampleJobs = (seconds: number): ReadonlyArray<SampleJob> => {
  const after = (part: number) => `${Math.round(seconds * part * 1000)} millis` as const
  return [
    {
      script: { id: "412651", duration: after(0.5) },
      story: "succeeds; its result comes with the response"
    },
    {
      script: {
        id: "412652",
        duration: after(1),
        result: ResultScript.file({ size: 25_000_000, name: "campaigns.csv", digests: ["repr-digest"] })
      },
      story: "succeeds and leaves a file of 25 MB"
    },
    {
      script: {
        id: "9223372036854775807",
        duration: after(0.7),
        progress: "none",
        status: "PartialSuccess",
        errors: "2 of 40 advertisers were skipped: 4f3ax81, 9kq27bm"
      },
      story: "succeeds in part and has no percentage"
    },
    {
      script: { id: "412654", duration: after(0.35), status: "Failure", errors: "Advertiser 4f3ax81 was not found" },
      story: "fails"
    },
    {
      script: { id: "409177", age: "26 hours", duration: "40 minutes" },
      story: "ended yesterday; its result has expired"
    },
    {
      script: { kind: "graphql-query", id: "7ab2", queued: after(0.15), duration: after(0.5), progress: "bursty" },
      story: "waits in a queue, then moves in leaps"
    },
    {
      script: { kind: "graphql-bulk", id: "55", queued: after(0.1), duration: after(0.8), progress: "stalled" },
      story: "stands still for most of its time"
    },
    {
      script: { kind: "graphql-bulk", id: "56", queued: after(0.3), duration: after(0.3), status: "Cancelled" },
      story: "is cancelled while it runs"
    }
  ]
}
