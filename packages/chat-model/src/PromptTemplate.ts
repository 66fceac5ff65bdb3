/**
 * Text with placeholders that the compiler checks: a value that is missing, and one that nothing asks for, do not compile.
 *
 * **Details**
 *
 * - A placeholder is `{name}`: one pair of braces around an ASCII identifier (letters, digits, `_`, `$`, no digit first).
 *   Any other brace is text, so JSON needs no escaping.
 * - `{{name}}` writes `{name}`.
 * - A value is a text, a number, a bigint or a boolean. An object would become `[object Object]`: write it as you want it
 *   read, with `JSON.stringify` for instance.
 * - Values are put in as they are: a placeholder in a value is not looked for.
 *
 * **Gotchas**
 *
 * A template that the compiler sees only as `string` (read from a file) takes any values, and `render` throws for a
 * placeholder without one.
 *
 * **Example** (Values that the compiler demands)
 *
 * ```ts
 * import { PromptTemplate } from "@understudy/chat-model/promise"
 *
 * const joke = PromptTemplate.make('Tell me a {adjective} joke about {topic} as {"joke": "..."}')
 * joke.render({ adjective: "short", topic: "cats" }) // => 'Tell me a short joke about cats as {"joke": "..."}'
 * ```
 */

/** What may stand in a placeholder's place. */
export type Value = string | number | bigint | boolean

type Lower =
  | ("a" | "b" | "c" | "d" | "e" | "f" | "g" | "h" | "i" | "j" | "k" | "l" | "m")
  | ("n" | "o" | "p" | "q" | "r" | "s" | "t" | "u" | "v" | "w" | "x" | "y" | "z")
type Start = Lower | Uppercase<Lower> | "_" | "$"
type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9"

type IsRest<Text extends string> = Text extends ""
  ? true
  : Text extends `${Start | Digit}${infer Rest}`
    ? IsRest<Rest>
    : false

type IsName<Text extends string> = Text extends `${Start}${infer Rest}` ? IsRest<Rest> : false

type Scan<Text extends string, Found extends string> = Text extends `${string}{${infer After}`
  ? After extends `{${infer Name}}}${infer Rest}`
    ? IsName<Name> extends true
      ? Scan<Rest, Found>
      : ScanOne<After, Found>
    : ScanOne<After, Found>
  : Found

type ScanOne<After extends string, Found extends string> = After extends `${infer Name}}${infer Rest}`
  ? IsName<Name> extends true
    ? Scan<Rest, Found | Name>
    : Scan<After, Found>
  : Found

/** The placeholders of a template; any `string` when the compiler does not know the template. */
export type Names<Template extends string> = string extends Template ? string : Scan<Template, never>

/** A value for each placeholder, and nothing else. */
export type Values<Name extends string> = [Name] extends [never]
  ? Readonly<Record<string, never>>
  : { readonly [Key in Name]: Value }

/** A text with placeholders. */
export interface PromptTemplate<Name extends string> {
  /** The placeholders, in order, each once. */
  readonly names: ReadonlyArray<Name>
  /** The text with the values in place. */
  readonly render: (values: Values<Name>) => string
}

/** `texts` has one element more than `names`: they alternate. */
const fromPieces = <Name extends string>(
  texts: ReadonlyArray<string>,
  names: ReadonlyArray<Name>
): PromptTemplate<Name> => ({
  names: [...new Set(names)],
  render: (values) => {
    const valueOf = (name: Name): Value => {
      const bag: Readonly<Record<string, Value | undefined>> = values
      const value = Object.hasOwn(bag, name) ? bag[name] : undefined
      if (value !== undefined) return value
      const given = Object.keys(bag).join(", ") || "nothing"
      throw new TypeError(`{${name}} has no value, got ${given}: give it one, or write {{${name}}} to mean the text`)
    }
    return texts.map((text, index) => (index === 0 ? text : `${valueOf(names[index - 1]!)}${text}`)).join("")
  }
})

const placeholder = /\{\{([A-Za-z_$][\w$]*)\}\}|\{([A-Za-z_$][\w$]*)\}/g

/** Makes a template from a text with `{name}` placeholders. */
export const make = <const Template extends string>(template: Template): PromptTemplate<Names<Template>> => {
  const texts = [""]
  const names: Array<Names<Template>> = []
  let end = 0
  for (const match of template.matchAll(placeholder)) {
    const [whole, literal, name] = match
    texts[texts.length - 1] += template.slice(end, match.index) + (literal === undefined ? "" : `{${literal}}`)
    end = match.index + whole.length
    if (name === undefined) continue
    names.push(name as Names<Template>)
    texts.push("")
  }
  texts[texts.length - 1] += template.slice(end)
  return fromPieces(texts, names)
}

/**
 * Makes a template from a tagged literal, whose substitutions are the placeholders' names; no brace means anything in it.
 *
 * **Example** (A tagged template)
 *
 * ```ts
 * import { PromptTemplate } from "@understudy/chat-model/promise"
 *
 * const joke = PromptTemplate.tagged`Tell me a ${"adjective"} joke about {topic}`
 * joke.render({ adjective: "short" }) // => "Tell me a short joke about {topic}"
 * ```
 */
export const tagged = <const Name extends ReadonlyArray<string>>(
  texts: TemplateStringsArray,
  ...names: Name
): PromptTemplate<Name[number]> => fromPieces(texts, names)

/**
 * Renders a template at once.
 *
 * **Example** (Once)
 *
 * ```ts
 * import { PromptTemplate } from "@understudy/chat-model/promise"
 *
 * PromptTemplate.render("Count to {n}.", { n: 3 }) // => "Count to 3."
 * ```
 */
export const render = <const Template extends string>(template: Template, values: Values<Names<Template>>): string =>
  make(template).render(values)
