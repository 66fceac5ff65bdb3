/**
 * The SDK as it is published, to the side: its packages built to JavaScript in a folder of their own and put where an install
 * puts them, beside the modules that the workspace has installed. The folder goes with the process.
 */
import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"

const root = path.resolve(import.meta.dirname, "../..")
const scope = "@understudy"
const packages = ["core", "chat-model"]

/** Every installed module, and for now links to the packages of this build. */
const link = (folder: string): void => {
  const modules = path.join(folder, "node_modules")
  mkdirSync(path.join(modules, scope), { recursive: true })
  for (const name of readdirSync(path.join(root, "node_modules"))) {
    if (name !== scope) symlinkSync(path.join(root, "node_modules", name), path.join(modules, name))
  }
  for (const name of packages) symlinkSync(path.join(folder, "packages", name), path.join(modules, scope, name))
}

/** The packages themselves instead of the links. */
const install = (folder: string): void => {
  for (const name of packages) {
    const installed = path.join(folder, "node_modules", scope, name)
    rmSync(installed)
    renameSync(path.join(folder, "packages", name), installed)
  }
}

/** Runs a script of the repository; what it had to say is of interest when what it should write is not there. */
const make = (folder: string, script: string, args: ReadonlyArray<string>, written: string): void => {
  const { stderr, stdout } = spawnSync(process.execPath, [path.join(root, script), ...args], {
    cwd: folder,
    encoding: "utf8"
  })
  // What does not type-check is the check's business; what was not written is ours.
  if (!existsSync(path.join(folder, written))) throw new Error(`${script} failed: ${stdout}${stderr}`)
}

/** Builds the packages; the answer is a folder whose programs import them. */
export const build = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), "understudy-bench-"))
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
  cpSync(path.join(root, "tsconfig.base.json"), path.join(folder, "tsconfig.base.json"))
  for (const name of packages) {
    for (const part of ["src", "package.json", "tsconfig.json"]) {
      cpSync(path.join(root, "packages", name, part), path.join(folder, "packages", name, part), { recursive: true })
    }
  }
  link(folder)
  const projects = packages.map((name) => `packages/${name}`)
  make(folder, "node_modules/typescript/bin/tsc", ["-b", ...projects], "packages/chat-model/dist/index.js")
  make(folder, "scripts/bundle.mjs", ["packages/chat-model"], "packages/chat-model/dist/promise/NOTICES.txt")
  install(folder)
  return folder
}
