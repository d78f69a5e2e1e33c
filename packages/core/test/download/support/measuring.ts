/**
 * A process that saves a small result and then a large one, and tells how many bytes of memory the large one took beyond what the
 * small one had: `measuring.ts SERVER SMALL LARGE PATH`.
 */
import { downloadToFile } from "@ttd-jobs/core/node"
import { createClient } from "@ttd-jobs/core/promise"

const [server = "", small = "", large = "", path = ""] = process.argv.slice(2)
await using client = createClient({ server, token: "simulator-token" })
await downloadToFile(client, small, path)
const idle = process.memoryUsage.rss()
let most = idle
const onProgress = () => {
  most = Math.max(most, process.memoryUsage.rss())
}
await downloadToFile(client, large, path, { onProgress, overwrite: true })
console.log(most - idle)
