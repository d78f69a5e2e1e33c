/**
 * Verifies the digest of a file while its bytes pass.
 *
 * @module
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import type { FileDigest, Hasher } from "./FileDigest.ts"

/** The same bytes, with a failure at their end when they have another digest. */
export const verified = <E>(
  pull: Pull.Pull<Uint8Array, E>,
  digest: FileDigest | null,
  hasherFor: (algorithm: FileDigest["algorithm"]) => Effect.Effect<Hasher>,
  corrupt: () => E
): Effect.Effect<Pull.Pull<Uint8Array, E>> => {
  if (digest === null) return Effect.succeed(pull)
  return Effect.map(hasherFor(digest.algorithm), (hasher) => {
    const hashed = Effect.tap(pull, (bytes) => Effect.sync(() => hasher.update(bytes)))
    return Pull.catchDone(
      hashed,
      (): Pull.Pull<never, E> => (hasher.digest() === digest.value ? Cause.done() : Effect.fail(corrupt()))
    )
  })
}
