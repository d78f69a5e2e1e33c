/** What a server of files may do once a transfer has broken off. */
import type { DownloadError } from "@ttd-jobs/core"
import { Fault, type FaultRule, type ResultScript } from "@ttd-jobs/simulator"

/** Small enough for a cut at every byte. */
export const size = 9

/** What a server does once the first transfer has broken off, and how a transfer that had delivered bytes must end. */
export interface Behaviour {
  readonly name: string
  readonly ends: "whole" | DownloadError["reason"]
  readonly file?: Omit<ResultScript.FileOptions, "size">
  readonly fault?: Fault.Fault
  readonly times?: FaultRule["times"]
}

const lies = { contentRange: "requested" } as const
const digests = ["repr-digest"] as const

/** What servers do, right and wrong. */
export const behaviours: ReadonlyArray<Behaviour> = [
  { name: "a right 206", ends: "whole" },
  { name: "a right 206, by Last-Modified", ends: "whole", file: { etag: "none" } },
  { name: "a right 206 after a chunked 200", ends: "whole", file: { chunked: true } },
  { name: "no range at all", ends: "whole", file: { ranges: false } },
  { name: "200 with the same ETag", ends: "whole", fault: Fault.ignoreRange, times: "always" },
  { name: "an early 206", ends: "whole", fault: Fault.earlyRange(3) },
  { name: "early 206s", ends: "whole", fault: Fault.earlyRange(3), times: "always" },
  { name: "a late 206", ends: "whole", fault: Fault.lateRange(3) },
  { name: "late 206s", ends: "whole", fault: Fault.lateRange(3), times: "always" },
  { name: "a short 206", ends: "whole", fault: Fault.shortRange(3) },
  { name: "short 206s", ends: "whole", fault: Fault.shortRange(3), times: "always" },
  {
    name: "a 206 from too early on that claims the requested range",
    ends: "digest",
    fault: Fault.earlyRange(3, lies),
    file: { digests }
  },
  {
    name: "a 206 from too late on that claims the requested range",
    ends: "whole",
    fault: Fault.lateRange(3, lies),
    file: { digests }
  },
  { name: "416", ends: "whole", fault: Fault.rangeRefused },
  { name: "416 every time", ends: "whole", fault: Fault.rangeRefused, times: "always" },
  { name: "another file", ends: "changed", fault: Fault.replacedFile(), times: "always" },
  {
    name: "a range of another file",
    ends: "changed",
    fault: Fault.replacedFile({ honorsIfRange: false }),
    times: "always"
  },
  { name: "the same bytes with another ETag", ends: "changed", fault: Fault.changedETag, times: "always" },
  { name: "neither ETag nor Last-Modified any more", ends: "changed", fault: Fault.missingETag(), times: "always" },
  { name: "no ETag any more", ends: "changed", fault: Fault.missingETag({ lastModified: true }), times: "always" },
  { name: "nothing to resume by", ends: "interrupted", file: { etag: "none", lastModified: false } },
  { name: "a weak ETag beside Last-Modified", ends: "interrupted", file: { etag: "weak" } },
  { name: "a range that promises too much", ends: "whole", fault: Fault.wrongLength(2) },
  { name: "a range that promises too little", ends: "whole", fault: Fault.wrongLength(-2) },
  { name: "a corrupt rest", ends: "digest", fault: Fault.corruptBytes(size - 1), file: { digests } },
  { name: "503, then a right 206", ends: "whole", fault: Fault.serverError(503) },
  { name: "a reset, then a right 206", ends: "whole", fault: Fault.connectionReset },
  { name: "an expired link, then a right 206", ends: "whole", fault: Fault.expiredLink(403) }
]
