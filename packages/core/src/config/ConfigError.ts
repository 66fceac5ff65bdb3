/**
 * What is wrong with a configuration: every problem at once, each with its place, the offending value (never a key's) and
 * the way out.
 */
import { TaggedError } from "../failure/TaggedError.ts"

/** Where in the configuration something is. */
export type Path = ReadonlyArray<string | number>

/** One problem. */
export interface Issue {
  readonly path: Path
  readonly message: string
  readonly line?: number | undefined
  readonly column?: number | undefined
}

/** A path as people write it: `providers.qwen.keys[1]`. */
export const toPathLabel = (path: Path): string =>
  path.reduce<string>((label, part) => {
    if (typeof part === "number") return `${label}[${part}]`
    const name = /^[\w-]+$/.test(part) ? part : JSON.stringify(part)
    return label === "" ? name : `${label}.${name}`
  }, "")

const toLine = (file: string, issue: Issue): string => {
  const place = issue.line === undefined ? file : `${file}:${issue.line}:${issue.column ?? 1}`
  const path = toPathLabel(issue.path)
  return `  ${place}  ${path === "" ? "" : `${path}: `}${issue.message}`
}

/** A configuration that cannot be used. */
export class ConfigError extends TaggedError("ConfigError")<{
  /** The file, or what else the configuration came from. */
  readonly source: string
  readonly issues: ReadonlyArray<Issue>
}> {
  override get message(): string {
    const count = this.issues.length === 1 ? "1 problem" : `${this.issues.length} problems`
    return [`${this.source}: ${count}`, ...this.issues.map((issue) => toLine(this.source, issue))].join("\n")
  }
}
