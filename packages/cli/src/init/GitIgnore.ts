/** Keeps `.env` out of git. */
import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { readIfThere } from "../internal/Environment.ts"

const covers = (text: string): boolean =>
  text.split(/\r?\n/).some((line) => /^(\*\*\/|\/)?(\.env|\.env\*|\*\.env|\.env\.?\*)$/.test(line.trim()))

/** The folders from `folder` up to the root of its repository; none outside of one. */
const withinRepository = (folder: string): ReadonlyArray<string> => {
  const folders: Array<string> = []
  for (let at = folder; ; at = dirname(at)) {
    folders.push(at)
    if (existsSync(join(at, ".git"))) return folders
    if (dirname(at) === at) return []
  }
}

/** What `.gitignore` in the folder must become, or undefined where nothing is to be done. */
export const change = (folder: string): string | undefined => {
  const folders = withinRepository(folder)
  if (folders.length === 0 || folders.some((each) => covers(readIfThere(join(each, ".gitignore")) ?? ""))) {
    return undefined
  }
  const text = readIfThere(join(folder, ".gitignore")) ?? ""
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}.env\n`
}
