/** Where the console lies that the operator's side shows. */
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

/** The folder that it was built into; in a checkout there may be nothing in it yet. */
export const folder = (): string =>
  join(dirname(createRequire(import.meta.url).resolve("@understudy/console/package.json")), "dist")
