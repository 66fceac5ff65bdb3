/**
 * Reads `understudy.yaml`: YAML to plain data, `${NAME}` and `${NAME:-default}` from the environment, and for every path
 * the line and column that it stands on.
 */
import * as Result from "effect/Result"
import { type Document, isScalar, LineCounter, type Node, parseDocument, type Scalar, visit } from "yaml"
import type { Issue, Path } from "./ConfigError.ts"

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A parsed file. */
export interface Parsed {
  readonly value: unknown
  readonly issues: ReadonlyArray<Issue>
  /** The place of a path, or of its nearest ancestor that exists. */
  readonly locate: (path: Path) => { readonly line: number; readonly column: number } | undefined
}

const variable = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** Replaces the variables of a text; `$$` is a dollar sign. Missing ones are told to `onMissing`. */
const interpolate = (text: string, env: Environment, onMissing: (name: string) => void): string =>
  text.replace(variable, (whole, name: string | undefined, fallback: string | undefined) => {
    if (name === undefined) return whole === "$$" ? "$" : whole
    const value = env[name]
    if (value !== undefined && value !== "") return value
    if (fallback === undefined) onMissing(name)
    return fallback ?? ""
  })

const toMissing = (name: string): string =>
  `environment variable ${name} is not set. Set it (a .env file works: node --env-file=.env …), or give a default: \${${name}:-…}`

/** Plain data; a text whose aliases multiply without end is refused by the library. */
const toPlain = (document: Document): Result.Result<unknown, string> =>
  Result.try({
    try: (): unknown => document.toJS({ maxAliasCount: 100 }),
    catch: (error) => `not usable YAML: ${error instanceof Error ? error.message : String(error)}`
  })

/** Parses a text. Problems are collected, not thrown. */
export const parse = (text: string, env: Environment): Parsed => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const place = (offset: number) => {
    const at = lines.linePos(offset)
    return { line: at.line, column: at.col }
  }
  const issues: Array<Issue> = document.errors.map((error) => ({
    path: [],
    message: `not valid YAML: ${error.message}`,
    ...place(error.pos[0])
  }))
  if (issues.length > 0) return { value: undefined, issues, locate: () => undefined }

  visit(document, {
    Alias: (_key, node, ancestors) => {
      const target = node.resolve(document)
      if (target === undefined || !ancestors.includes(target)) return
      const message = `*${node.source} stands inside of what it names: write out what is meant`
      issues.push({ path: [], message, ...place(node.range?.[0] ?? 0) })
    },
    Scalar: (_key, node: Scalar) => {
      if (typeof node.value !== "string") return
      node.value = interpolate(node.value, env, (name) => {
        issues.push({ path: [], message: toMissing(name), ...place(node.range?.[0] ?? 0) })
      })
    }
  })
  const value = toPlain(document)
  if (Result.isFailure(value)) issues.push({ path: [], message: value.failure })
  return {
    value: Result.getOrUndefined(value),
    issues,
    locate: (path) => {
      for (let length = path.length; length > 0; length--) {
        const node = document.getIn(path.slice(0, length), true) as Node | undefined
        if (node?.range != null) return place(node.range[0])
        if (isScalar(node)) break
      }
      return undefined
    }
  }
}
