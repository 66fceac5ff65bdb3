/**
 * Reads `understudy.yaml`: YAML to plain data, `${NAME}` and `${NAME:-default}` from the environment, and for every path
 * the line and column that it stands on.
 */
import * as Result from "effect/Result"
import * as yaml from "yaml"
import { type Issue, issue, type Path, type Place } from "../../config/ConfigError.ts"
import type { Problem } from "./Problem.ts"
import * as Unset from "./Unset.ts"

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A parsed file. */
export interface Parsed {
  readonly value: unknown
  /** False where there is no data to check any further. */
  readonly isReadable: boolean
  readonly issues: ReadonlyArray<Issue>
  /** The place of a path, or of its nearest ancestor that exists. */
  readonly locate: (path: Path) => Place | undefined
  /** The place where somebody looks for an issue: its key where the name or a whole block is wrong, else its value. */
  readonly placeOf: (issue: Issue) => Place | undefined
  /**
   * False for an issue that may only come from a mistake in the YAML itself: after the mistake, or around it, nobody can say
   * what was meant.
   */
  readonly isSound: (issue: Issue) => boolean
  /** Paths of values that came from variables, unquoted or as a whole: a number there is still a text. */
  readonly fromVariables: ReadonlyArray<Path>
}

// What follows the second bar looks like a variable, and is written in a way that is not read.
const variable = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{|^\$[A-Za-z_][A-Za-z0-9_]*$/g

const onlyVariable = /^\$\{[^}]*\}$/

/** Replaces the variables of a text; `$$` is a dollar sign. What is amiss with one is told to `report`. */
const interpolate = (text: string, env: Environment, report: (problem: Problem) => void): string =>
  text.replace(variable, (whole, name: string | undefined, fallback: string | undefined) => {
    if (whole === "$$") return "$"
    if (name === undefined || fallback?.includes("${")) {
      report({ _tag: "BadVariable" })
      return Unset.standIn("NAME")
    }
    const value = env[name]
    if (value !== undefined && value !== "") return value
    if (fallback === undefined) report({ _tag: "UnsetVariable", name })
    return fallback ?? Unset.standIn(name)
  })

/** Plain data; a text whose aliases multiply without end is refused by the library. */
const toPlain = (document: yaml.Document): Result.Result<unknown, string> =>
  Result.try({
    try: (): unknown => document.toJS({ maxAliasCount: 100 }),
    catch: (error) => (error instanceof Error ? error.message : String(error))
  })

/** A mistake after which the document still means what it says. */
const isHarmless = (code: string): boolean => code === "DUPLICATE_KEY"

const unquoted = /^\$\{([A-Za-z_][A-Za-z0-9_]*)/

/** The parser's message without what it tells programmers. */
const withoutCalls = (message: string): string => message.replace(/; please use YAML\..*$/, "")

/** What is wrong with the YAML at an offset. */
const toMistake = (text: string, { code, message, pos: [at] }: yaml.YAMLError): Problem => {
  const name = unquoted.exec(text.slice(Math.max(0, at - 1)))?.[1]
  return name === undefined
    ? { _tag: "NotYaml", code, detail: withoutCalls(message) }
    : { _tag: "UnquotedVariable", name }
}

const toPart = (key: unknown): string => (yaml.isScalar(key) ? String(key.value) : String(key))

/** The path of a node, from those around it. */
const pathOf = (node: yaml.Node, ancestors: ReadonlyArray<unknown>): Path =>
  ancestors.flatMap((ancestor, index): Path => {
    if (yaml.isPair(ancestor)) return [toPart(ancestor.key)]
    return yaml.isSeq(ancestor) ? [ancestor.items.indexOf(ancestors[index + 1] ?? node)] : []
  })

/** Nodes of a document by path. */
const nodesOf = (document: yaml.Document) => {
  const nodeAt = (path: Path): yaml.Node | undefined =>
    path.length === 0 ? (document.contents ?? undefined) : (document.getIn(path, true) as yaml.Node | undefined)
  /** The key of a path whose last part is one of a map. */
  const keyAt = (path: Path): yaml.Node | undefined => {
    const parent = nodeAt(path.slice(0, -1))
    if (!yaml.isMap(parent)) return undefined
    return parent.items.find((pair) => toPart(pair.key) === String(path.at(-1)))?.key as yaml.Node | undefined
  }
  /** The longest beginning of the path that exists. */
  const existing = (path: Path): Path => {
    for (let length = path.length; length > 0; length--) {
      const head = path.slice(0, length)
      if (nodeAt(head) !== undefined || keyAt(head) !== undefined) return head
    }
    return []
  }
  return { nodeAt, keyAt, existing }
}

/** The node that an issue is about. */
const nodeOf = (document: yaml.Document, { path, problem }: Issue): yaml.Node | undefined => {
  const { existing, keyAt, nodeAt } = nodesOf(document)
  const head = existing(path)
  const node = nodeAt(head)
  const isBlock =
    yaml.isCollection(node) || yaml.isAlias(node) || node == null || (yaml.isScalar(node) && node.value === null)
  const isAboutName = problem?._tag === "UnknownSetting" || problem?._tag === "UnknownOverride"
  return isBlock || isAboutName || head.length < path.length ? (keyAt(head) ?? node) : node
}

/** Parses a text. Problems are collected, not thrown. */
export const parse = (text: string, env: Environment): Parsed => {
  const lines = new yaml.LineCounter()
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true })
  const place = (offset: number): Place => {
    const at = lines.linePos(offset)
    return { line: at.line, column: at.col }
  }
  const placeOfNode = (node: yaml.Node | undefined): Place | undefined =>
    node?.range == null ? undefined : place(node.range[0])
  const broken = document.errors.find(({ code }) => !isHarmless(code))
  const end = broken?.pos[0] ?? text.length
  // What is told after the first break is told because of it.
  const mistakes = document.errors.filter((error) => error === broken || (isHarmless(error.code) && error.pos[0] < end))
  const issues: Array<Issue> = mistakes.map((mistake) => issue([], toMistake(text, mistake), place(mistake.pos[0])))
  const fromVariables: Array<Path> = []

  yaml.visit(document, {
    Alias: (_key, node, ancestors) => {
      const target = node.resolve(document)
      const { source: name } = node
      if (target === undefined) issues.push(issue([], { _tag: "UnknownAlias", name }, placeOfNode(node)))
      else if (ancestors.includes(target)) issues.push(issue([], { _tag: "AliasOfItself", name }, placeOfNode(node)))
    },
    Scalar: (_key, node: yaml.Scalar, ancestors) => {
      if (typeof node.value !== "string" || !node.value.includes("$")) return
      const { value } = node
      node.value = interpolate(value, env, (problem) => {
        issues.push(issue([], problem, placeOfNode(node)))
      })
      if (node.value !== value && (node.type === "PLAIN" || onlyVariable.test(value)))
        fromVariables.push(pathOf(node, ancestors))
    }
  })
  if (document.contents === null && issues.length === 0) issues.push(issue([], { _tag: "EmptyFile" }))
  const value = toPlain(document)
  const isDangling = issues.some(({ problem }) => problem?._tag === "UnknownAlias")
  if (Result.isFailure(value) && !isDangling) issues.push(issue([], { _tag: "NotYaml", detail: value.failure }))
  return {
    value: Result.getOrUndefined(value),
    issues,
    fromVariables,
    isReadable:
      Result.isSuccess(value) &&
      document.contents !== null &&
      !issues.some(({ problem }) => problem?._tag === "AliasOfItself"),
    locate: (path) => {
      const { existing, nodeAt } = nodesOf(document)
      const head = existing(path)
      return head.length === 0 ? undefined : placeOfNode(nodeAt(head))
    },
    placeOf: (each) => placeOfNode(nodeOf(document, each)),
    isSound: (each) => {
      if (broken === undefined) return true
      const node = nodesOf(document).nodeAt(each.path)
      // A value that is not there may be what broke.
      if (each.path.length === 0 || each.problem?._tag === "Missing" || (yaml.isScalar(node) && node.value === null))
        return false
      return node?.range != null && node.range[1] < end
    }
  }
}
