#!/usr/bin/env node
/**
 * The program `ttd-jobs`. This file checks the version of Node before anything else is loaded, so it imports nothing and is written
 * in a syntax that Node 14 can parse.
 *
 * @module
 */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)

if (major > 22 || (major === 22 && minor >= 19)) {
  import("./start.ts").then(({ start }) => start(process.argv.slice(2)))
} else {
  process.exitCode = 1
  process.stderr.write(
    `error: ttd-jobs needs Node.js 22.19 or later, and this is ${process.versions.node} (${process.execPath})\n` +
      "  Install a current Node.js from https://nodejs.org, or put it first on PATH.\n"
  )
}
