/**
 * A process that saves a result over what is there, and is there to be killed: `saving.ts SERVER REF PATH`. It begins when
 * something comes on its standard input.
 */
import { once } from "node:events"
import { downloadToFile } from "@ttd-jobs/core/node"
import { createClient } from "@ttd-jobs/core/promise"

const [server = "", ref = "", path = ""] = process.argv.slice(2)
await once(process.stdin, "data")
process.stdin.destroy()
await using client = createClient({ server, token: "simulator-token" })
const onProgress = ({ _tag }: { readonly _tag: string }) => {
  if (_tag === "Started") process.stdout.write("started\n")
}
await downloadToFile(client, ref, path, { onProgress, overwrite: true })
