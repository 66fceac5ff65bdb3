/**
 * The examples of docstrings, and the programs that they are run as.
 *
 * A program is the example, line by line where it stands in its source, so that whatever is wrong with it is reported there.
 * `// => value` after an expression becomes a check; what runs beside the example is awaited; what it makes and leaves
 * (an Effect, a Stream, a Layer) is run; vendors and gateways that it names are those of the setting.
 */
import { lineOf, type Node, nameOf, nodesOf, parse, type Source, walk } from "../../../test/architecture/Source.ts"

/** A block of code of a docstring. */
export interface Example {
  /** The source, from the root of the repository. */
  readonly path: string
  /** The line of the source on which the code begins. */
  readonly line: number
  readonly code: string
}

/** The examples of a source. */
export const examplesOf = (source: Source): ReadonlyArray<Example> =>
  source.comments
    .filter(({ type, value }) => type === "Block" && value.startsWith("*"))
    .flatMap(({ start, value }) =>
      [...value.matchAll(/^ *\* ```ts\n(.*?)^ *\* ```$/gms)].map(({ 1: lines = "", index }) => ({
        path: source.path,
        line: lineOf(source, start + "/*".length + index) + 1,
        code: lines.replace(/^ *\* ?/gm, "")
      }))
    )

interface Insertion {
  readonly at: number
  readonly text: string
}

/** What a statement comes to, where that can be checked. */
const resultOf = (statement: Node): Node | undefined => {
  switch (statement.type) {
    case "ExpressionStatement":
      return statement["expression"] as Node
    case "ReturnStatement":
      return statement["argument"] as Node
    case "VariableDeclaration":
      return nodesOf(statement["declarations"])[0]?.["init"] as Node
    default:
      return undefined
  }
}

const checks = (source: Source): ReadonlyArray<Insertion> => {
  const results: Array<Node> = []
  walk(source, (node) => {
    const result = resultOf(node)
    if (result !== undefined) results.push(result)
  })
  return source.comments.flatMap(({ start, type, value }) => {
    if (type !== "Line" || !value.startsWith(" => ")) return []
    const result = results.find(({ end }) => end <= start && source.code.slice(end, start).trim() === "")
    if (result === undefined) throw new Error(`${source.path}: nothing that can be checked stands before //${value}`)
    return [
      { at: result.start, text: "$is(" },
      { at: result.end, text: `, ${value.slice(" => ".length)})` }
    ]
  })
}

const awaits = (source: Source): ReadonlyArray<Insertion> =>
  source.body.filter(({ type }) => type === "ExpressionStatement").map(({ start }) => ({ at: start, text: "await " }))

/** The constants that the example does nothing with. */
const leftOf = (source: Source): ReadonlyArray<string> =>
  source.body
    .filter(({ type }) => type === "VariableDeclaration")
    .flatMap((node) => nodesOf(node["declarations"]).flatMap((one) => nameOf(one["id"]) ?? []))
    .filter((name) => source.code.split(new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`)).length === 2)

/** Where a program runs. */
export interface Setting {
  /** The module that it imports `is` and `run` from. */
  readonly runtime: string
  /** Base URLs. */
  readonly deepseek: string
  readonly qwen: string
}

/** The program of an example. */
export const toProgram = ({ code, line, path }: Example, { deepseek, qwen, runtime }: Setting): string => {
  const source = parse({ path, text: code })
  const insertions = [...checks(source), ...awaits(source)].sort((one, other) => other.at - one.at)
  const checked = insertions
    .reduce((text, { at, text: more }) => text.slice(0, at) + more + text.slice(at), code)
    .replaceAll('type: "qwen",', `type: "qwen", baseUrl: "${qwen}",`)
    .replaceAll('type: "deepseek",', `type: "deepseek", baseUrl: "${deepseek}",`)
    .replaceAll('"http://127.0.0.1:8080/v1"', `"${deepseek}"`)
  const head = `import { is as $is, run as $run } from ${JSON.stringify(runtime)}`
  return `${head}${"\n".repeat(line - 1)}${checked}await $run([${leftOf(source).join(", ")}])\n`
}
