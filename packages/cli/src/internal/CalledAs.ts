/** How this command line can be called again from the same folder, for lines that are meant to be pasted. */
import { basename, relative } from "node:path"

/** `understudy`, or what stands for it where it runs from the sources. */
export const calledAs = (argv1: string | undefined, env: Readonly<Record<string, string | undefined>>): string => {
  const script = env["npm_lifecycle_event"]
  if (script === "start" || script === "understudy") return "npm run -s understudy --"
  if (argv1 === undefined || basename(argv1) !== "main.ts") return "understudy"
  return `node --conditions=source ${relative(process.cwd(), argv1)}`
}

/** The same for this process. */
export const here = (): string => calledAs(process.argv[1], process.env)
