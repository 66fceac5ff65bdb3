/** How this command line can be called again from the same folder, for lines that are meant to be pasted. */
import { basename, isAbsolute, relative, sep } from "node:path"

const modules = `${sep}node_modules${sep}`

const isWithin = (folder: string, path: string): boolean => {
  const way = relative(folder, path)
  return way === "" || !(way.startsWith("..") || isAbsolute(way))
}

/** From the sources: by npm's script where it is there, else by node. */
const fromSources = (argv1: string, env: Readonly<Record<string, string | undefined>>, cwd: string): string => {
  const script = env["npm_lifecycle_event"]
  return script === "start" || script === "understudy"
    ? "npm run -s understudy --"
    : `node --conditions=source ${relative(cwd, argv1)}`
}

/**
 * `understudy` where a shell finds it, `npx understudy` where it is installed in the project, `npx @understudy/cli` where npx has
 * fetched it, and the script of npm in a clone.
 */
export const calledAs = (
  argv1: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string = process.cwd()
): string => {
  if (argv1 === undefined) return "understudy"
  if (basename(argv1) === "main.ts") return fromSources(argv1, env, cwd)
  const at = argv1.indexOf(modules)
  if (at < 0) return "understudy"
  if (argv1.includes(`${sep}_npx${sep}`)) return "npx @understudy/cli"
  return isWithin(argv1.slice(0, at), cwd) ? "npx understudy" : "understudy"
}

/** The same for this process. */
export const here = (): string => calledAs(process.argv[1], process.env)
