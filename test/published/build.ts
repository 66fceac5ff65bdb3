/** Builds the SDK as it is published into a folder that has the workspace's dependencies beside it. */
import { execFileSync } from "node:child_process"
import { symlinkSync } from "node:fs"
import * as path from "node:path"

const root = path.resolve(import.meta.dirname, "../..")

/** Writes the SDK's JavaScript into `folder`. */
export const build = (folder: string): void => {
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"))
  execFileSync(process.execPath, [
    path.join(root, "scripts/bundle.mjs"),
    path.join(root, "packages/chat-model"),
    folder
  ])
}
