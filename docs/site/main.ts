/**
 * `npm run docs`: guides, READMEs, decisions and the API reference as one site in `docs/dist/VERSION`, which opens from disk and
 * from any folder of any server. Fails where a link leads nowhere. `-- --guides` leaves the API reference out.
 */
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import * as Api from "./Api.ts"
import * as Site from "./Site.ts"

const root = path.resolve(import.meta.dirname, "../..")
const started = performance.now()
const { version } = JSON.parse(readFileSync(path.join(root, "packages/core/package.json"), "utf8")) as {
  version: string
}
const all = path.join(root, "docs/dist")
const folder = path.join(all, version)

const put = ({ content, url }: Site.File): void => {
  const file = path.join(folder, url)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
}

const guides = globSync("docs/guides/*.md", { cwd: root }).map((file) => path.basename(file).split(".")[0] ?? "")
const site = Site.make(root, version, [...new Set(guides)])
if (site.problems.length > 0) {
  console.error(site.problems.join("\n"))
  process.exit(1)
}
rmSync(folder, { recursive: true, force: true })
for (const file of site.files) put(file)
const api = process.argv.includes("--guides") ? { entries: [], sources: [] } : Api.write(root, folder)
for (const file of api.sources) put(Site.source(file, readFileSync(path.join(root, file), "utf8"), version))
for (const name of ["style.css", "search.js"])
  put({ url: name, content: readFileSync(path.join(import.meta.dirname, name)) })
const entries = [...site.entries, ...api.entries]
put({ url: "index.js", content: `globalThis.siteIndex = ${JSON.stringify(entries)}\n` })

const versions = readdirSync(all, { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? [each.name] : []))
const newest = versions.sort((one, other) => other.localeCompare(one, "en", { numeric: true }))
writeFileSync(path.join(all, "versions.js"), `globalThis.siteVersions = ${JSON.stringify(newest)}\n`)
writeFileSync(
  path.join(all, "index.html"),
  `<!doctype html><meta http-equiv="refresh" content="0; url=${newest[0]}/index.html">\n`
)
const seconds = ((performance.now() - started) / 1000).toFixed(1)
console.log(`${path.relative(root, folder)}/index.html: ${entries.length} entries to find, ${seconds} s`)
