/**
 * Snapshots as errors hold them: the link to the result without its query, which is a credential.
 *
 * @module
 */
import { withoutQueries } from "../http/Redaction.ts"
import { JobSnapshot } from "../JobSnapshot.ts"

/** The snapshot without the queries of links: neither of the result's nor of those in the server's error texts. */
export const bareSnapshot = (snapshot: JobSnapshot): JobSnapshot => {
  const { errors, result } = snapshot
  if (errors.length === 0 && (result === null || result.inline)) return snapshot
  return new JobSnapshot(
    {
      ...snapshot,
      errors: errors.map(withoutQueries),
      result: result === null || result.inline ? result : { inline: false, url: result.url.replace(/[?#].*$/s, "") }
    },
    { disableChecks: true }
  )
}
