import { defineConfig } from "tsdown"

export default defineConfig({
  entry: [
    "src/index.ts",
    "src/promise.ts",
    "src/node/index.ts",
    "src/model/index.ts",
    "src/text/index.ts",
    "src/download/Runtime.ts",
    "src/node/Runtime.ts"
  ],
  format: "esm",
  platform: "neutral",
  target: "es2023",
  dts: { tsconfig: "tsconfig.node.json" },
  // `#runtime` leads to one of the two `Runtime.ts` where the package is used.
  deps: { neverBundle: [/^node:/] },
  unbundle: true
})
