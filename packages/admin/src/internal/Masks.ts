/**
 * Keys that stand in a configuration in clear do not leave the server: each is shown as `masked:ID`, and a text that comes
 * back with that in it means the key that stood there.
 *
 * Variables (`${DEEPSEEK_API_KEY}`) are no secrets and stay as they are.
 */
import { hash } from "node:crypto"
import { isMap, isScalar, isSeq, parseDocument, type Range } from "yaml"

const idOf = (secret: string): string => `masked:${hash("sha256", secret).slice(0, 10)}`

const mask = /\bmasked:[0-9a-f]{10}\b/g

/** What looks like a key: in a comment, or in a text that cannot be read as YAML. */
const likely = /\b(?:sk|us|usk|ak)[-_][A-Za-z0-9_-]{6,}/g

const isSecret = (value: unknown): boolean =>
  typeof value === "string" && value !== "none" && !/^\$\{[^}]*\}$/.test(value.trim())

/** Where keys stand: of a provider `keys`, as texts or as objects with a `value`; of a consumer likewise; and a `proxy`, and the `url` of a server. */
const placesOf = (node: unknown, inKeys = false): ReadonlyArray<Range> => {
  if (isSeq(node)) return node.items.flatMap((each) => placesOf(each, inKeys))
  if (isScalar(node)) return inKeys && isSecret(node.value) && node.range ? [node.range] : []
  if (!isMap(node)) return []
  return node.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? key.value : undefined
    return placesOf(value, name === "keys" || name === "proxy" || name === "url" || (inKeys && name === "value"))
  })
}

/** The keys that stand in a text, as they are written there, by the mask that stands for each. */
export const of = (text: string): ReadonlyMap<string, string> => {
  const { contents } = parseDocument(text)
  const secrets = placesOf(contents).map(([from, to]) => text.slice(from, to))
  return new Map([...secrets, ...(text.match(likely) ?? [])].map((secret) => [idOf(secret), secret]))
}

/** The text with every key masked. */
export const put = (text: string): string => {
  let masked = text
  // A key that is the beginning of another one must not be cut out of it.
  for (const [id, secret] of [...of(text)].sort(([, a], [, b]) => b.length - a.length)) {
    masked = masked.replaceAll(secret, id)
  }
  return masked
}

/** The text with the keys of `known` in place of their masks; a mask of no known key stays. */
export const undo = (text: string, known: ReadonlyMap<string, string>): string =>
  text.replaceAll(mask, (id) => known.get(id) ?? id)
