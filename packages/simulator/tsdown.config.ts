import { defineConfig } from "tsdown"

export default defineConfig({
  entry: ["src/index.ts", "src/promise.ts"],
  format: "esm",
  platform: "node",
  target: "node22.19",
  dts: true,
  unbundle: true,
  // `src/index.ts` becomes `dist/index.js`, as the manifest says.
  outExtensions: () => ({ js: ".js", dts: ".d.ts" })
})
