/** The configuration as a file, as `serve` wants it; it goes when the process ends. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import * as Configuration from "../Configuration.ts"

/** Writes the file, with both vendors at an origin, and tells where. */
export const write = (origin: string): string => {
  const folder = mkdtempSync(path.join(tmpdir(), "understudy-serve-"))
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, "understudy.json")
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(Configuration.make(origin)))
  return file
}
