#!/usr/bin/env node
/**
 * The program `ttd-jobs`. What this file imports is bundled with it, so all of it is written in a syntax that Node 14 can parse: an old
 * version of Node is refused with a sentence.
 *
 * @module
 */
import { start } from "./start.ts"

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)

/** Whether references come from standard input, which is how thousands are given. */
const readsReferences = (words: ReadonlyArray<string>) => words.includes("-") && !words.includes("download")

if (major > 22 || (major === 22 && minor >= 19)) {
  // Collects garbage early instead of letting the heap grow to 300 MB first. Set before the client is loaded, and not for every start,
  // because it invalidates what the runtime has compiled in advance.
  if (readsReferences(process.argv)) process.getBuiltinModule("node:v8").setFlagsFromString("--optimize-for-size")
  start(process.argv.slice(2))
} else {
  process.exitCode = 1
  process.stderr.write(
    `error: ttd-jobs needs Node.js 22.19 or later, and this is ${process.versions.node} (${process.execPath})\n` +
      "  Install a current Node.js from https://nodejs.org, or put it first on PATH.\n"
  )
}
