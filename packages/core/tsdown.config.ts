import { defineConfig } from "tsdown"

export default defineConfig({
  entry: ["src/index.ts", "src/promise.ts"],
  format: "esm",
  platform: "neutral",
  target: "es2023",
  dts: true,
  unbundle: true
})
