/** Prints the bundle sizes of the entry points for each bundler: `pnpm bundle-size`, after `pnpm build`. */
import { bundleSize } from "./BundleSize.ts"
import { bundleLimits, entries } from "./bundleLimits.ts"

for (const { bundler, entry, limit } of bundleLimits) {
  const { deferred, initial } = await bundleSize(bundler, entries[entry])
  console.log(
    `${entry}, ${bundler}: ${initial.toFixed(1)} KB at once (limit ${limit} KB), ${deferred.toFixed(1)} KB on demand`
  )
}
