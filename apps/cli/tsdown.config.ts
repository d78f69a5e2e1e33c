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
    // What `status` needs is two files: each more costs a millisecond to find and load.
    codeSplitting: {
      groups: [
        { name: "main", test: /src\/main\.ts$/, priority: 2 },
        { name: "status", test: /src\/(?:Program|commands\/Status)\.ts$/, priority: 1 }
      ]
    }
  }
})
