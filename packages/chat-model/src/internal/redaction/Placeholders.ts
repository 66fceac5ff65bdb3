/**
 * The placeholders of one request: which value each stands for.
 */

/** What is to be kept from the vendor. */
export interface Rule {
  /** What its placeholders are called: capital letters, digits and `_`. */
  readonly name: string
  readonly pattern: RegExp
  /** Tells what only looks like it; left out: nothing does. */
  readonly accepts?: ((found: string) => boolean) | undefined
}

const token = /("(?:[^"\\]|\\.)*")|-?\d[\d.eE+-]*/g
const shape = /(\[[A-Z][A-Z0-9_]*_\d+\])/

/** The placeholders. */
export class Placeholders {
  readonly #rules: ReadonlyArray<Rule>
  readonly #taken: string
  readonly #placeholderOf = new Map<string, string>()
  readonly #valueOf = new Map<string, string>()
  readonly #count = new Map<string, number>()

  /** `taken` is all that is said: a placeholder that stands there already is not given out. */
  constructor(rules: ReadonlyArray<Rule>, taken: string) {
    this.#rules = rules.map((rule) => ({
      ...rule,
      pattern: new RegExp(rule.pattern, `${rule.pattern.flags.replace("g", "")}g`)
    }))
    this.#taken = taken
  }

  get isEmpty(): boolean {
    return this.#valueOf.size === 0
  }

  /** A text with placeholders for what the rules find. */
  hide<Text extends string | undefined>(text: Text): Text extends string ? string : undefined
  hide(text: string | undefined): string | undefined {
    if (text === undefined) return undefined
    // Odd pieces are placeholders of rules before: a pattern of digits finds none in them.
    return this.#rules.reduce(
      (hidden, rule) =>
        hidden
          .split(shape)
          .map((piece, index) => (index % 2 === 1 ? piece : this.#apply(rule, piece)))
          .join(""),
      text
    )
  }

  /** The same in JSON: a number that is hidden becomes a text, or it were JSON no more. */
  hideInJson(json: string): string {
    return json.replace(token, (found: string, text: string | undefined) => {
      const hidden = this.hide(found)
      return text === undefined && hidden !== found ? `"${hidden}"` : hidden
    })
  }

  /** What a placeholder stands for. */
  valueOf(placeholder: string): string | undefined {
    return this.#valueOf.get(placeholder)
  }

  /** True when more characters could make a placeholder of it. */
  isBeginning(text: string): boolean {
    for (const placeholder of this.#valueOf.keys()) if (placeholder.startsWith(text)) return true
    return false
  }

  #apply({ accepts, name, pattern }: Rule, text: string): string {
    return text.replace(pattern, (found) =>
      found === "" || accepts?.(found) === false ? found : this.#placeholder(name, found)
    )
  }

  #placeholder(name: string, value: string): string {
    const known = this.#placeholderOf.get(value)
    if (known !== undefined) return known
    let count = this.#count.get(name) ?? 0
    let placeholder: string
    do placeholder = `[${name}_${++count}]`
    while (this.#taken.includes(placeholder))
    this.#count.set(name, count)
    this.#placeholderOf.set(value, placeholder)
    this.#valueOf.set(placeholder, value)
    return placeholder
  }
}
