import { defineConfig } from "tsdown"
import { notices } from "./scripts/notices.ts"

export default defineConfig({
  entry: ["src/main.ts"],
  format: "esm",
  platform: "node",
  target: "node22.19",
  dts: false,
  minify: true,
  plugins: [notices()],
  // Everything is carried along, so that an installation resolves nothing and starts with few files.
  deps: { alwaysBundle: [/./] },
  inputOptions: {
    optimization: { inlineConst: true },
    resolve: { conditionNames: ["@ttd-jobs/source", "node", "import", "default"] }
  },
  outputOptions: {
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    // What `status` needs is one file: each more costs a millisecond to find and load.
    codeSplitting: { groups: [{ name: "status", test: /src\/(?:Program|commands\/Status)\.ts$/ }] }
  }
})
