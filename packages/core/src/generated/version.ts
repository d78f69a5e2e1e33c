// Generated from package.json by generate-version. Do not edit: run `pnpm generate`.

/**
 * The version of @ttd-jobs/core.
 *
 * @example
 * ```ts
 * import { version } from "@ttd-jobs/core"
 *
 * version // "0.1.0"
 * ```
 */
export const version = "0.1.0"
