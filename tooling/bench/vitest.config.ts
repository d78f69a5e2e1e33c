import { project } from "@ttd-jobs/vitest-config"

export default project("bench")
