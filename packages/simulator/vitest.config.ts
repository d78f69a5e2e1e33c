import { shared } from "@ttd-jobs/vitest-config"

export default shared
