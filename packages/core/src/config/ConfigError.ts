/**
 * What is wrong with a configuration: every problem at once, each with its place, the offending value (never a key's) and
 * the way out.
 */
import { TaggedError } from "../failure/TaggedError.ts"
import * as Problem from "../internal/config/Problem.ts"

/** Where in the configuration something is. */
export type Path = ReadonlyArray<string | number>

/** A place in a file, counted from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** One problem. */
export interface Issue extends Partial<Place> {
  readonly path: Path
  /** What is wrong, in English. */
  readonly message: string
  /** The same as data, for whoever says it in another language. */
  readonly problem?: Problem.Problem | undefined
}

/** A problem with its English words. */
export const issue = (path: Path, problem: Problem.Problem, place?: Place): Issue => ({
  path,
  problem,
  message: Problem.toText(problem),
  ...place
})

/** A path as people write it: `providers.qwen.keys[1]`. */
export const toPathLabel = (path: Path): string =>
  path.reduce<string>((label, part) => {
    if (typeof part === "number") return `${label}[${part}]`
    const name = /^[\w-]+$/.test(part) ? part : JSON.stringify(part)
    return label === "" ? name : `${label}.${name}`
  }, "")

/** One line about a problem: its place, its path, and what is wrong in the words of `texts`. */
export const toLine = (
  source: string,
  { column, line, message, path, problem }: Issue,
  texts?: Problem.Texts
): string => {
  const place = line === undefined ? source : `${source}:${line}:${column ?? 1}`
  const label = toPathLabel(path)
  const text = problem === undefined || texts === undefined ? message : Problem.toText(problem, texts)
  return `${place}  ${label === "" ? "" : `${label}: `}${text}`
}

/** A configuration that cannot be used. */
export class ConfigError extends TaggedError("ConfigError")<{
  /** The file, or what else the configuration came from. */
  readonly source: string
  readonly issues: ReadonlyArray<Issue>
}> {
  override get message(): string {
    const count = this.issues.length === 1 ? "1 problem" : `${this.issues.length} problems`
    return [`${this.source}: ${count}`, ...this.issues.map((each) => `  ${toLine(this.source, each)}`)].join("\n")
  }
}
