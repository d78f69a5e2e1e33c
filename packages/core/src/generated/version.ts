// Generated from package.json by generate-version. Do not edit: run `pnpm generate`.

/** The version of @ttd-jobs/core. */
export const version = "0.1.0"
