/**
 * Keys that stand in a configuration in clear do not leave the server: each is shown as `masked:ID`, and a text that comes
 * back with that in it means the key that stood there.
 *
 * Variables (`${DEEPSEEK_API_KEY}`) are no secrets and stay as they are.
 */
import { hash } from "node:crypto"
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Range, type Scalar } from "yaml"

const idOf = (secret: string): string => `masked:${hash("sha256", secret).slice(0, 10)}`

const mask = /\bmasked:[0-9a-f]{10}\b/g

/** What looks like a key: in a comment, or in a text that cannot be read as YAML. */
const likely = /\b(?:sk|us|usk|ak)[-_][A-Za-z0-9_-]{6,}/g

/** A variable is no secret, unless it brings a value of its own: `${KEY:-value}`. */
const variable = /^\$\{\w+(?::?-)?\}$/

const isSecret = (value: unknown): boolean =>
  typeof value === "number" || (typeof value === "string" && value !== "none" && !variable.test(value.trim()))

/** The texts of a document, by whether they stand where keys do. */
interface Places {
  readonly secret: Map<Scalar, Range>
  readonly open: Map<Scalar, Range>
}

/**
 * Where keys stand: of a provider `keys`, as texts or as objects with a `value`; of a consumer likewise; a `proxy`, and the `url` of a server. An alias
 * (`*name`) stands for the text at its anchor, which may be both.
 */
const placesOf = (text: string): Places => {
  const places: Places = { secret: new Map(), open: new Map() }
  for (const document of [...parseAllDocuments(text)]) {
    const walked = [new Set<unknown>(), new Set<unknown>()] as const
    const walk = (node: unknown, inKeys: boolean): void => {
      // What aliases name again and again is walked once.
      if (walked[inKeys ? 1 : 0].has(node)) return
      walked[inKeys ? 1 : 0].add(node)
      if (isAlias(node)) return walk(node.resolve(document), inKeys)
      if (isSeq(node)) for (const each of node.items) walk(each, inKeys)
      if (isScalar(node) && node.range)
        (inKeys && isSecret(node.value) ? places.secret : places.open).set(node, node.range)
      if (!isMap(node)) return
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? key.value : undefined
        walk(key, false)
        walk(
          value,
          name === "keys" || name === "proxy" || name === "url" || (inKeys && (name === "value" || name === "<<"))
        )
      }
    }
    walk(document.contents, false)
  }
  return places
}

/** What a mask stands for. */
export interface Secret {
  /** As it is written. */
  readonly text: string
  /** It is a key's, and does not only look like one. */
  readonly isKey: boolean
}

/** Shorter ones are looked for where they stand only: a text would be cut to pieces. */
const shortest = 8

/** The keys that stand in a text, as they are written there, by the mask that stands for each. */
export const of = (text: string): ReadonlyMap<string, Secret> => {
  const known = new Map<string, Secret>()
  const add = (secret: string, isKey: boolean): void => void known.set(idOf(secret), { text: secret, isKey })
  for (const secret of text.match(likely) ?? []) add(secret, false)
  for (const [{ value }, [from, to]] of placesOf(text).secret) {
    add(text.slice(from, to), true)
    // In quotes here, and without them in a comment.
    if (typeof value === "string" && value.length >= shortest && text.includes(value)) add(value, true)
  }
  return known
}

/** The text with every key masked. */
export const put = (text: string): string => {
  let masked = text
  // A key that is the beginning of another one must not be cut out of it.
  for (const [id, secret] of [...of(text)].sort(([, a], [, b]) => b.text.length - a.text.length)) {
    masked = masked.replaceAll(secret.text, id)
  }
  return masked
}

const within = (at: number, ranges: ReadonlyArray<Range>): boolean => ranges.some(([from, to]) => from <= at && at < to)

/**
 * The text with the keys of `known` in place of their masks, where keys may stand, and in comments where they are masked again the
 * next time: a mask that was moved elsewhere, to a name say, would show its key there. It stays, as a mask of no known key does.
 */
export const undo = (text: string, known: ReadonlyMap<string, Secret>): string => {
  const { open, secret } = placesOf(text)
  const hidden = [...secret].filter(([node]) => !open.has(node)).map(([, range]) => range)
  const shown = [...open.values()]
  const inKeys = new Set(hidden.flatMap(([from, to]) => text.slice(from, to).match(mask) ?? []))
  return text.replaceAll(mask, (id, at: number) => {
    const found = known.get(id)
    if (found === undefined || within(at, hidden)) return found?.text ?? id
    const isMaskedAgain = inKeys.has(id) || new RegExp(likely).test(found.text)
    return isMaskedAgain && !(found.isKey && within(at, shown)) ? found.text : id
  })
}
