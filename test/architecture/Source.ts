/** A parsed source file, and the few questions that the rules ask of its syntax tree. */
// vitest brings vite, and vite brings this parser: the only one here that keeps types and comments.
import { parseSync } from "vite"

/** A file as the rules get it: they never touch the disk. */
export interface File {
  /** From the root of the repository, with `/`. */
  readonly path: string
  readonly text: string
}

/** A syntax node; `start` and `end` are offsets into the text. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [property: string]: unknown
}

/** A comment; a docstring is a `Block` whose value starts with `*`. */
export interface Comment {
  readonly type: "Line" | "Block"
  readonly value: string
  readonly start: number
  readonly end: number
}

/** A parsed file. */
export interface Source extends File {
  readonly body: ReadonlyArray<Node>
  readonly comments: ReadonlyArray<Comment>
  /** The text with every comment blanked out: offsets and lines are those of the text. */
  readonly code: string
}

/** What a rule found: where, and what to do about it. */
export interface Violation {
  readonly path: string
  readonly line: number
  readonly message: string
}

/** Parses a file. */
export const parse = (file: File): Source => {
  const { program, comments, errors } = parseSync(file.path, file.text)
  if (errors[0] !== undefined) throw new Error(`${file.path} does not parse: ${errors[0].message}`)
  return {
    ...file,
    body: program.body as unknown as ReadonlyArray<Node>,
    comments,
    code: withoutComments(file.text, comments)
  }
}

const withoutComments = (text: string, comments: ReadonlyArray<Comment>): string => {
  let code = ""
  let at = 0
  for (const comment of comments) {
    code += text.slice(at, comment.start) + text.slice(comment.start, comment.end).replace(/[^\n]/g, " ")
    at = comment.end
  }
  return code + text.slice(at)
}

/** The line of an offset, counted from 1. */
export const lineOf = (source: File, offset: number): number => source.text.slice(0, offset).split("\n").length

/** How many lines between two offsets hold code: neither blank nor only a comment. */
export const codeLinesBetween = (source: Source, start: number, end: number): number =>
  source.code
    .slice(start, end)
    .split("\n")
    .filter((line) => line.trim() !== "").length

/** The docstring right before a node. */
export const docstringOf = (source: Source, node: Node): string | undefined =>
  source.comments.findLast(
    (comment) =>
      comment.type === "Block" &&
      comment.value.startsWith("*") &&
      comment.end <= node.start &&
      source.code.slice(comment.end, node.start).trim() === ""
  )?.value

/** Calls `visit` for every node, parents first. */
export const walk = (source: Source, visit: (node: Node, parent: Node | undefined) => void): void => {
  const descend = (value: unknown, parent: Node | undefined): void => {
    if (Array.isArray(value)) {
      for (const item of value) descend(item, parent)
    } else if (isNode(value)) {
      visit(value, parent)
      for (const child of Object.values(value)) descend(child, value)
    }
  }
  descend(source.body, undefined)
}

/** Whether a value is a syntax node. */
export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string"

/** The name of an identifier; of anything else, nothing. */
export const nameOf = (value: unknown): string | undefined =>
  isNode(value) && typeof value["name"] === "string" ? value["name"] : undefined

/** The nodes of a list of nodes. */
export const nodesOf = (value: unknown): ReadonlyArray<Node> => (Array.isArray(value) ? value.filter(isNode) : [])

/** A violation at a node. */
export const violationAt = (source: File, at: { readonly start: number }, message: string): Violation => ({
  path: source.path,
  line: lineOf(source, at.start),
  message
})
