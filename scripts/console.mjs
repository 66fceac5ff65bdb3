// `node scripts/console.mjs [words]`: builds the console where it was not built from its sources as they are, and says `words`
// before it does. Several may ask at once: one of them builds, and the others wait for it.
import { spawnSync } from "node:child_process"
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs"
import * as path from "node:path"

const folder = path.resolve(import.meta.dirname, "../packages/console")
const built = path.join(folder, "dist/index.html")
const lock = path.join(folder, "node_modules/.building")

const timeOf = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

const isNew = () => {
  const sources = ["src", "public"].flatMap((name) =>
    readdirSync(path.join(folder, name), { recursive: true, encoding: "utf8" }).map((file) => path.join(name, file))
  )
  const latest = ["index.html", "package.json", "vite.config.ts", ...sources].map((file) =>
    timeOf(path.join(folder, file))
  )
  return timeOf(built) >= Math.max(...latest)
}

/** Milliseconds after which somebody who builds is taken for gone. */
const longest = 120_000

const take = () => {
  mkdirSync(path.dirname(lock), { recursive: true })
  while (true) {
    try {
      return mkdirSync(lock)
    } catch {
      if (Date.now() - timeOf(lock) > longest) rmSync(lock, { recursive: true, force: true })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    }
  }
}

if (!isNew()) {
  take()
  try {
    if (!isNew()) {
      if (process.argv[2] !== undefined) console.error(process.argv[2])
      const vite = path.resolve(folder, "../../node_modules/vite/bin/vite.js")
      const { status } = spawnSync(process.execPath, [vite, "build", "--logLevel", "warn"], {
        cwd: folder,
        stdio: ["ignore", 2, 2]
      })
      process.exitCode = status ?? 1
    }
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}
