/** Builds the console: hashed files, each with its compressed twins beside it, and one document that holds a mark for its nonce. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"
import react from "@vitejs/plugin-react"
import { defineConfig, type Plugin } from "vite"

/** Smaller files gain nothing from it. */
const smallest = 512

const filesOf = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())

const compressed = (): Plugin => {
  let folder = ""
  return {
    name: "compressed",
    apply: "build",
    configResolved: ({ build, root }) => {
      folder = join(root, build.outDir)
    },
    writeBundle: () => {
      for (const path of filesOf(folder)) {
        const content = readFileSync(path)
        if (!/\.(?:js|css|svg)$/.test(path) || content.length < smallest) continue
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }))
      }
    }
  }
}

export default defineConfig({
  plugins: [react(), compressed()],
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    target: "es2023",
    manifest: "manifest.json",
    license: { fileName: "NOTICES.md" },
    // Small files stay files: a policy without `data:` for scripts and fonts would refuse them inside others.
    assetsInlineLimit: 0,
    // The sizes are held by a test, which counts them compressed.
    chunkSizeWarningLimit: 1_000,
    modulePreload: { polyfill: false }
  },
  server: {
    proxy: { "/api": { target: process.env["UNDERSTUDY_ADMIN"] ?? "http://127.0.0.1:8001", changeOrigin: true } }
  }
})
