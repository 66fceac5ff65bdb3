// `node scripts/bundle.mjs [package folder] [output folder]`: the SDK's JavaScript as it is published.
//
// A hundred and sixty small files take longer to load than everything that they do, so there are two bundles of the same
// sources. `promise.js` and `promise/*` have their Effect and their core inside, without comments and without what nobody
// calls. Every other module is a name for its part of one file, which imports `effect` and the core as everybody does.
// The declarations beside them are tsc's.
//
// `promise.cjs` is the second bundle once more, for those who load CommonJS and nothing else: jest above all. Node itself
// takes the module for both (`module-sync`), so that no program has two of them.
import { globSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { build } from "esbuild"

const folder = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, "../packages/chat-model"))
const out = path.resolve(process.argv[3] ?? path.join(folder, "dist"))
const source = path.join(folder, "src")
const { dependencies, peerDependencies } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"))

const withPaths = (names) => names.flatMap((name) => [name, `${name}/*`])
const core = "@understudy/core"
const isOurs = (name) => name.startsWith("@understudy/")

/** A schema that a caller hands in belongs to the caller's `effect`, and only that can read values through it. */
const callersSchema = {
  name: "callers-schema",
  setup: (bundle) =>
    bundle.onResolve({ filter: /^effect\/Schema(Getter)?$/ }, ({ importer, path: name }) =>
      path.basename(importer) === "EffectSchema.ts" ? { path: name, external: true } : undefined
    )
}

/**
 * Of the core, what has no state and no class that somebody compares is taken inside: four dozen small files that every import
 * would load. The rest stays outside and is the program's own core.
 */
const leaves = new Set(["face/Face", "provider/Vendors", "wire/Wire"])
const leavesOfCore = {
  name: "leaves-of-core",
  setup: (bundle) => {
    bundle.onResolve({ filter: /^@understudy\/core/ }, ({ path: name }) =>
      leaves.has(name.slice("@understudy/core/".length)) ? undefined : { path: name, external: true }
    )
    bundle.onResolve({ filter: /^\./ }, ({ path: relative, resolveDir }) => {
      const [, name] = /\/core\/src\/(.+)\.ts$/.exec(path.join(resolveDir, relative)) ?? []
      const isPublic = name !== undefined && !name.startsWith("internal/") && !leaves.has(name)
      return isPublic ? { path: `@understudy/core/${name}`, external: true } : undefined
    })
  }
}

/** Has every module reach every other, so that all of their code is shared and goes into one file. */
const oneFile = {
  name: "one-file",
  setup: (bundle) => {
    bundle.onResolve({ filter: /^module:/ }, ({ path: name }) => ({
      path: name.slice("module:".length),
      namespace: "module"
    }))
    bundle.onLoad({ filter: /.*/, namespace: "module" }, ({ path: file }) => ({
      contents: `import "./index.ts"; export * from ${JSON.stringify(file)}`,
      resolveDir: source
    }))
  }
}

const bundle = (options) =>
  build({
    outdir: out,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22.19",
    conditions: ["source"],
    metafile: true,
    logLevel: "warning",
    ...options
  })

// What tsc wrote is in the bundles, and so are the files of an earlier build.
for (const file of globSync(["**/*.js.map", "{internal,promise,shared}/**/*.js"], { cwd: out }))
  rmSync(path.join(out, file))

const modules = globSync("**/*.ts", { cwd: source })
  .map((file) => file.replace(/\.ts$/, ""))
  .filter((name) => name !== "promise" && !name.startsWith("internal"))
await bundle({
  entryPoints: Object.fromEntries(modules.map((name) => [name, `module:./${name}.ts`])),
  chunkNames: "shared/[name]-[hash]",
  external: withPaths([...Object.keys(dependencies), ...Object.keys(peerDependencies)].filter((name) => name !== core)),
  // `sideEffects: false` and unused exports are for those who take a part; here every part is somebody's.
  ignoreAnnotations: true,
  treeShaking: false,
  plugins: [leavesOfCore, oneFile]
})

const { metafile } = await bundle({
  entryPoints: [path.join(source, "promise.ts")],
  chunkNames: "promise/[name]-[hash]",
  external: withPaths(Object.keys(dependencies).filter((name) => !isOurs(name))),
  plugins: [callersSchema]
})

await bundle({
  entryPoints: { promise: path.join(source, "promise.ts") },
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  splitting: false,
  external: withPaths(Object.keys(dependencies).filter((name) => !isOurs(name))),
  // Nothing that only CommonJS is spoken to can import.
  supported: { "dynamic-import": false },
  // It has a `require`, and is never asked where it is.
  define: { "import.meta.url": "undefined" },
  plugins: [callersSchema]
})

// esbuild puts a function of its own in place of a `require`, behind which no other bundler sees what is required.
for (const file of globSync("{*,promise/*,shared/*}.js", { cwd: out })) {
  const written = readFileSync(path.join(out, file), "utf8")
  const seen = written.replace(
    'typeof __require === "function" ? __require(',
    'typeof require === "function" ? require('
  )
  if (seen !== written) writeFileSync(path.join(out, file), seen)
}

/** Whose code is inside, by folder. */
const inside = new Set(
  Object.keys(metafile.inputs).flatMap(
    (file) => /^.*node_modules\/(?!@understudy\/)(?:@[^/]+\/)?[^/]+/.exec(file) ?? []
  )
)
const notices = [...inside].sort().map((module) => {
  const { name, version } = JSON.parse(readFileSync(path.join(module, "package.json"), "utf8"))
  const licence = readdirSync(module).find((file) => /^licen[cs]e/i.test(file))
  if (licence === undefined) throw new Error(`${name} has no licence beside it: it cannot be part of the bundle`)
  return `${name} ${version}\n\n${readFileSync(path.join(module, licence), "utf8").trim()}\n`
})
writeFileSync(path.join(out, "promise/NOTICES.txt"), notices.join("\n---\n\n"))
