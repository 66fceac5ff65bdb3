/**
 * A value of an Effect Schema while its JSON is still being written: what is whole goes through the schema's own decoding, what
 * is open is gone into as far as the schema tells what it will be, and everything else is left out until it is there.
 *
 * | what the schema says                              | while it is open                                            |
 * | ------------------------------------------------- | ----------------------------------------------------------- |
 * | a text                                            | the text so far                                             |
 * | a struct, a record, a list, a tuple               | what of it is whole, and what is open in turn               |
 * | a struct with its keys renamed                    | the same, under the names of the value                      |
 * | a class                                           | the fields of it, without the class                         |
 * | one of several                                    | what all of those that still fit agree in                   |
 * | anything that is decoded (a date, a literal, ...) | nothing                                                     |
 *
 * What is whole and does not fit is left out, too: the value will not be one like that.
 */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as SchemaAST from "effect/SchemaAST"
import type { EffectSchema, Modules } from "../schema/EffectSchema.ts"
import { type OpenPath, set } from "./PartialJson.ts"

/** Stands for what cannot be shown yet. */
export const nothing: unique symbol = Symbol("nothing")

/** What there is to show of a value; `nothing` when it is not known yet. An open path of undefined: the value is whole. */
export type Grower = (value: unknown, open: OpenPath) => unknown

/** Shows values as they are. */
export const asItIs: Grower = (value) => value

type Node = SchemaAST.AST
type Objects = SchemaAST.Objects
type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => Predicate.isObject(value) && !Array.isArray(value)

const isPlain = (value: unknown): value is Fields =>
  isFields(value) && Object.getPrototypeOf(value) === Object.prototype

/** The node that JSON is read by. */
const encodedOf = (node: Node): Node => node.encoding?.at(-1)?.to ?? node

const inside = (open: OpenPath, key: PropertyKey): OpenPath =>
  open !== undefined && open[0] === key ? open.slice(1) : undefined

/** The only link to what a node is read from. */
const linkOf = (node: Node): SchemaAST.Link | undefined => (node.encoding?.length === 1 ? node.encoding[0] : undefined)

/** What two readings of the same value agree in. */
const common = (one: unknown, other: unknown): unknown => {
  if (Equal.equals(one, other)) return one
  if (!isPlain(one) || !isPlain(other)) return nothing
  const shared: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(one)) {
    const agreed = Object.hasOwn(other, key) ? common(value, other[key]) : nothing
    if (agreed !== nothing) set(shared, key, agreed)
  }
  return shared
}

class Growing {
  readonly #modules: Modules
  readonly #decoders = new Map<Node, (value: unknown) => Exit.Exit<unknown, unknown>>()
  readonly #known = new Map<Node, WeakMap<object, unknown>>()
  readonly #names = new Map<Node, ReadonlyMap<string, string> | undefined>()

  constructor(modules: Modules) {
    this.#modules = modules
  }

  show(node: Node, value: unknown, open: OpenPath): unknown {
    if (open !== undefined) return this.#open(node, value, open)
    if (!Predicate.isObjectOrArray(value)) return this.#whole(node, value)
    const known = this.#known.get(node) ?? new WeakMap<object, unknown>()
    this.#known.set(node, known)
    if (!known.has(value)) known.set(value, this.#whole(node, value))
    return known.get(value)
  }

  #whole(node: Node, value: unknown): unknown {
    const decoded = this.#decode(node, value)
    return decoded === nothing ? this.#open(node, value, undefined) : decoded
  }

  #decode(node: Node, value: unknown): unknown {
    let decode = this.#decoders.get(node)
    if (decode === undefined) {
      const { schema } = this.#modules
      decode = schema.decodeUnknownExit(schema.make<EffectSchema>(node))
      this.#decoders.set(node, decode)
    }
    try {
      const exit = decode(value)
      return Exit.isSuccess(exit) ? exit.value : nothing
    } catch {
      // It takes its time, or is no schema for such a value: the whole answer will tell.
      return nothing
    }
  }

  #open(node: Node, value: unknown, open: OpenPath): unknown {
    switch (node._tag) {
      case "Unknown":
      case "Any":
      case "ObjectKeyword":
        return value
      case "Suspend":
        return this.show(node.thunk(), value, open)
      case "String":
        return node.encoding === undefined && open !== undefined && typeof value === "string" ? value : nothing
      case "Objects":
        return this.#objects(node, value, open)
      case "Declaration":
        return this.#declaration(node, value, open)
      case "Arrays":
        return node.encoding === undefined && Array.isArray(value) ? this.#list(node, value, open) : nothing
      case "Union":
        return node.encoding === undefined ? this.#union(node, value, open) : nothing
      default:
        return nothing
    }
  }

  #objects(node: Objects, value: unknown, open: OpenPath): unknown {
    if (node.encoding === undefined) return isFields(value) ? this.#fields(node, value, open) : nothing
    const link = linkOf(node)
    const names = this.#namesOf(node)
    if (link === undefined || names === undefined) return nothing
    const read = this.show(link.to, value, open)
    if (!isFields(read)) return nothing
    const renamed: Record<string, unknown> = {}
    for (const [name, each] of Object.entries(read)) set(renamed, names.get(name) ?? name, each)
    const [first, ...rest] = open ?? []
    const name = typeof first === "string" ? (names.get(first) ?? first) : first
    return this.#fields(node, renamed, name === undefined ? open : [name, ...rest])
  }

  /** A class is made of the struct that it is read from; of any other declared type nobody knows what it is made of. */
  #declaration(node: SchemaAST.Declaration, value: unknown, open: OpenPath): unknown {
    const link = linkOf(node)
    const isClass = node.annotations?.["~constructor"] !== undefined
    return isClass && link?.to._tag === "Objects" ? this.show(link.to, value, open) : nothing
  }

  #fields(node: Objects, value: Fields, open: OpenPath): unknown {
    const shown: Record<string, unknown> = {}
    for (const [name, each] of Object.entries(value)) {
      const [key, type] = this.#fieldOf(node, name)
      const grown = type === undefined ? nothing : this.show(type, each, inside(open, name))
      if (grown !== nothing) set(shown, key, grown)
    }
    return shown
  }

  #fieldOf(node: Objects, name: string): readonly [key: string, type: Node | undefined] {
    const field = node.propertySignatures.find((one) => one.name === name)
    if (field !== undefined) return [name, field.type]
    for (const { parameter, type } of node.indexSignatures) {
      const key = this.#decode(parameter, name)
      if (typeof key === "string") return [key, type]
    }
    return [name, undefined]
  }

  #list(node: SchemaAST.Arrays, value: ReadonlyArray<unknown>, open: OpenPath): unknown {
    // What stands behind a rest, nobody knows before the end.
    if (node.rest.length > 1) return nothing
    const shown: Array<unknown> = []
    for (const [index, each] of value.entries()) {
      const type = node.elements[index] ?? node.rest[0]
      const grown = type === undefined ? nothing : this.show(type, each, inside(open, index))
      if (grown === nothing) break
      shown.push(grown)
    }
    return shown
  }

  #union(node: SchemaAST.Union, value: unknown, open: OpenPath): unknown {
    const fitting = node.types.filter((type) => this.#fits(encodedOf(type), value, open))
    const shown = fitting.map((type) => this.show(type, value, open))
    if (typeof value === "string") return shown.find((each) => each !== nothing) ?? nothing
    return shown.length === 0 ? nothing : shown.reduce(common)
  }

  /** False when a value can no longer become one of a node: what is whole in it does not fit. */
  #fits(node: Node, value: unknown, open: OpenPath): boolean {
    switch (node._tag) {
      case "Unknown":
      case "Any":
        return true
      case "Suspend":
        return this.#fits(encodedOf(node.thunk()), value, open)
      case "Union":
        return node.types.some((type) => this.#fits(encodedOf(type), value, open))
      case "Objects":
        return isFields(value) && this.#fieldsFit(node, value, open)
      case "Arrays":
        return Array.isArray(value) && value.every((each, index) => this.#fitsAt(node, index, each, open))
      case "Literal":
        return typeof value === "string" && open !== undefined
          ? String(node.literal).startsWith(value)
          : value === node.literal
      default:
        if (open === undefined) return this.#decode(node, value) !== nothing
        return typeof value === "string" && ["String", "TemplateLiteral", "Enum"].includes(node._tag)
    }
  }

  #fieldsFit(node: Objects, value: Fields, open: OpenPath): boolean {
    return Object.entries(value).every(([name, each]) => {
      const type = this.#fieldOf(node, name)[1]
      return type === undefined || this.#fits(encodedOf(type), each, inside(open, name))
    })
  }

  #fitsAt(node: SchemaAST.Arrays, index: number, value: unknown, open: OpenPath): boolean {
    const type = node.elements[index] ?? node.rest[0]
    return type !== undefined && this.#fits(encodedOf(type), value, inside(open, index))
  }

  /** How a struct renames the fields that it is read from; undefined when it does anything else with them. */
  #namesOf(node: Objects): ReadonlyMap<string, string> | undefined {
    if (!this.#names.has(node)) this.#names.set(node, this.#findNames(node))
    return this.#names.get(node)
  }

  /** Sends a mark through for every field: what only renames, gives each of them back as it was. */
  #findNames(node: Objects): ReadonlyMap<string, string> | undefined {
    const link = linkOf(node)
    if (link === undefined || link.to._tag !== "Objects" || link.transformation._tag !== "Transformation")
      return undefined
    const names = new Map(link.to.propertySignatures.map(({ name }) => [Object.freeze({ name }), String(name)]))
    const marked = Object.fromEntries([...names].map(([mark, name]) => [name, mark]))
    try {
      const run = this.#modules.getter.run(link.transformation.decode, Option.some(marked), {})
      const read = Option.getOrUndefined(Effect.runSync(run as Effect.Effect<Option.Option<unknown>>))
      if (!isFields(read)) return undefined
      const renamed = new Map<string, string>()
      for (const [key, mark] of Object.entries(read)) {
        const name = names.get(mark as Readonly<{ name: PropertyKey }>)
        if (name === undefined) return undefined
        renamed.set(name, key)
      }
      return renamed.size === names.size ? renamed : undefined
    } catch {
      return undefined
    }
  }
}

/** Shows the values of a schema as they grow; the modules are those that the schema came from. */
export const make = (schema: EffectSchema, modules: Modules): Grower => {
  const growing = new Growing(modules)
  const { ast } = modules.schema.toCodecJson(schema)
  return (value, open) => growing.show(ast, value, open)
}
