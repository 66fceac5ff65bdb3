/**
 * The tables of the guide to the configuration, made from the schema: a row a setting, with what it means and its default.
 *
 * A comment in the guide, `settings: PATH`, stands where the table of an object begins. An object without a table of its own
 * has its settings in the table around it, by dotted names: no setting is without a row.
 */
import * as Schema from "effect/Schema"

/** What the schema says of one place; the paths are as in `routes[].targets[]` and `providers.*.type`. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: ReadonlyArray<string>
  readonly items?: Node
  readonly additionalProperties?: Node | false
  readonly anyOf?: ReadonlyArray<Node>
  readonly allOf?: ReadonlyArray<Node>
  readonly meaning?: string
  readonly leftOut?: string
  readonly default?: unknown
}

/** What is said of a setting: its meaning, and in words what holds where it is left out. */
export interface Text {
  readonly meaning: string
  readonly leftOut?: string | undefined
}

/** A language of the guide. */
export interface Language {
  readonly head: string
  readonly required: string
  readonly none: string
  readonly below: (anchor: string) => string
  readonly of: (path: string, english: Text) => Text
}

/** A setting of an object. */
export interface Setting {
  readonly path: string
  /** The object in it, and where that is: the items of a list, the values of a record. */
  readonly inner: { readonly path: string; readonly node: Node } | undefined
  readonly node: Node
  readonly isRequired: boolean
}

const toInner = (path: string, node: Node): Setting["inner"] => {
  if (node.properties !== undefined) return { path, node }
  if (node.items !== undefined) return toInner(`${path}[]`, node.items)
  if (node.additionalProperties) return toInner(`${path}.*`, node.additionalProperties)
  return node.anyOf?.map((member) => toInner(path, member)).find((inner) => inner !== undefined)
}

const settingsOf = (path: string, { properties = {}, required = [] }: Node): ReadonlyArray<Setting> =>
  Object.entries(properties).map(([name, node]) => {
    const place = path === "" ? name : `${path}.${name}`
    // What is said of a value that is checked stands with the check.
    const whole = Object.assign({}, node, ...(node.allOf ?? [])) as Node
    return { path: place, node: whole, inner: toInner(place, node), isRequired: required.includes(name) }
  })

/** The schema's root. */
export const root = (schema: Schema.Constraint): Node =>
  Schema.toJsonSchemaDocument(schema, { includeAnnotationKey: (key) => key === "meaning" || key === "leftOut" })
    .schema as Node

/** Every setting, those of inner objects after their own. */
export const all = (node: Node, path = ""): ReadonlyArray<Setting> =>
  settingsOf(path, node).flatMap((each) => [
    each,
    ...(each.inner === undefined ? [] : all(each.inner.node, each.inner.path))
  ])

const isEmpty = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0

const toDefault = ({ inner, isRequired, node, path }: Setting, leftOut: string | undefined, language: Language) => {
  if (isRequired) return language.required
  if (leftOut !== undefined) return leftOut === "none" ? language.none : leftOut
  // Settings that are left out together have a default each.
  if (isEmpty(node.default)) return inner?.path === path ? "" : language.none
  return `\`${typeof node.default === "string" ? node.default : JSON.stringify(node.default)}\``
}

const marker = /<!-- settings: (.*?) -->\n[\s\S]*?<!-- end of settings -->/g

/** The heading above a place of a page, as its anchor. */
const anchorOf = (page: string, at: number): string =>
  /^#+ (.*)$/m
    .exec(page.slice(page.lastIndexOf("\n#", at) + 1))?.[1]
    ?.toLowerCase()
    .replaceAll(" ", "-") ?? ""

/** The page with its tables made anew. */
export const write = (page: string, node: Node, language: Language): string => {
  const anchors = new Map<string, string>()
  for (const { 1: paths = "", index } of page.matchAll(marker))
    for (const path of paths.split(", ")) anchors.set(path === "all" ? "" : path, anchorOf(page, index))
  const rows = (path: string, inside: Node, here: string, prefix = ""): ReadonlyArray<string> =>
    settingsOf(path, inside).flatMap((setting) => {
      const { inner } = setting
      const english = { meaning: setting.node.meaning ?? "", leftOut: setting.node.leftOut }
      const { leftOut, meaning } = language.of(setting.path, english)
      const name = prefix + setting.path.slice(path === "" ? 0 : path.length + 1)
      const anchor = inner === undefined ? undefined : anchors.get(inner.path)
      const more = anchor === undefined || anchor === here ? "" : language.below(anchor)
      const row = `| \`${name}\` | ${meaning}${more} | ${toDefault(setting, leftOut, language)} |`.replace(
        "|  |",
        "| |"
      )
      if (inner === undefined || anchor !== undefined) return [row]
      return [row, ...rows(inner.path, inner.node, here, `${name}${inner.path.slice(setting.path.length)}.`)]
    })
  const objects = new Map(all(node).flatMap(({ inner }) => (inner === undefined ? [] : [[inner.path, inner.node]])))
  return page.replace(marker, (_, paths: string) => {
    const [path = ""] = paths.split(", ").map((each) => (each === "all" ? "" : each))
    const inside = path === "" ? node : objects.get(path)
    if (inside === undefined) throw new Error(`The schema has no object at ${path}`)
    const table = [language.head, ...rows(path, inside, anchors.get(path) ?? "")].join("\n")
    return `<!-- settings: ${paths} -->\n${table}\n<!-- end of settings -->`
  })
}

/** English, as the schema says it. */
export const english: Language = {
  head: "| setting | meaning | default |\n| --- | --- | --- |",
  required: "required",
  none: "none",
  below: (anchor) => `, see [below](#${anchor})`,
  of: (_, text) => text
}
