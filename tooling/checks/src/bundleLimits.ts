/**
 * Size limits of the published entry points, in KB (1,000 bytes) after gzip, of what a page loads at once.
 *
 * @module
 */
import type { Bundler } from "./BundleSize.ts"

/** A module that uses each entry point as a page does. */
export const entries = {
  promise:
    'import { createClient } from "@ttd-jobs/core/promise"; globalThis.status = (options) => createClient(options)',
  effect: 'import { JobStatus } from "@ttd-jobs/core"; globalThis.layer = JobStatus.layer',
  /** The entries without Effect, whole and together. */
  "model and text": 'export * from "@ttd-jobs/core/model"; export * from "@ttd-jobs/core/text"'
} as const

/** A limit for one entry point and one bundler. */
export interface BundleLimit {
  readonly entry: keyof typeof entries
  readonly bundler: Bundler
  readonly limit: number
}

/** The limits that the tests check. */
export const bundleLimits: ReadonlyArray<BundleLimit> = [
  { entry: "promise", bundler: "rolldown", limit: 70 },
  { entry: "promise", bundler: "rollup", limit: 67 },
  { entry: "promise", bundler: "esbuild, splitting", limit: 75 },
  { entry: "promise", bundler: "esbuild", limit: 98 },
  { entry: "promise", bundler: "webpack", limit: 84 },
  { entry: "effect", bundler: "rolldown", limit: 70 },
  { entry: "model and text", bundler: "rolldown", limit: 3 },
  { entry: "model and text", bundler: "esbuild", limit: 3 }
]
