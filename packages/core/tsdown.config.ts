import { defineConfig } from "tsdown"

export default defineConfig({
  entry: ["src/index.ts", "src/promise.ts", "src/node/index.ts", "src/model/index.ts"],
  format: "esm",
  platform: "neutral",
  target: "es2023",
  dts: { tsconfig: "tsconfig.node.json" },
  deps: { neverBundle: [/^node:/] },
  unbundle: true
})
