/**
 * What is masked wherever it stands: keys and their tails, tokens, ids of requests, accounts and organisations, addresses.
 *
 * A mask keeps the shape of what it hides (a UUID stays one, of the same version; hex stays hex of the same length), so that
 * two recordings can be compared by the form of their ids.
 */

const uuid = /\b[\da-f]{8}-[\da-f]{4}-([\da-f])[\da-f]{3}-[\da-f]{4}-[\da-f]{12}\b/gi

const shaped = new RegExp(
  `^(?:chatcmpl-|cmpl-|call_(?:\\d\\d_)?|req[-_]|org-|proj[-_]|acct[-_]|ws-|user-)|${uuid.source}|[^\\s!-/:-@[-\`{-~]`,
  "gi"
)

const maskOf = (part: string, version: string | undefined): string => {
  if (version !== undefined) return `00000000-0000-${version}000-8000-000000000000`
  if (part.length > 1) return part
  if (/\d/.test(part)) return "0"
  return /[a-f]/.test(part) ? "a" : /[A-Z]/.test(part) ? "X" : "x"
}

/** The shape of an id: digits, letters and what stands between them, without saying which. */
export const shape = (value: string): string => value.replace(shaped, maskOf)

type Rule = readonly [pattern: RegExp, mask: string | ((found: string) => string)]

const keys: ReadonlyArray<Rule> = [
  [/\bBearer\s+[^\s"',;]{5,}/gi, "Bearer ****"],
  [/\bsk-[\w.*-]{3,}/g, "sk-****"],
  [/(?<!\*)\*{3,}[A-Za-z\d]{2,}/g, "****xxxx"],
  [/\beyJ[\w-]{8,}(?:\.[\w-]+)*/g, "eyJ****"],
  [/\bLTAI[A-Za-z\d]{8,}/g, "LTAI****"]
]

const ids: ReadonlyArray<Rule> = [
  [uuid, shape],
  [/\b[\da-f]{24,}\b/gi, shape],
  [/\b(?:org|proj|acct|account|ws|user)[-_](?=[A-Za-z\d]*\d)[A-Za-z\d]{6,}\b/g, shape],
  [/(?<![\d.])\d{12,}(?![\d.])/g, (digits) => `1${"0".repeat(digits.length - 1)}`],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, "0.0.0.0"],
  [/(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.]+/g, "someone@example.com"]
]

const apply = (rules: ReadonlyArray<Rule>, text: string): string =>
  rules.reduce((clean, [pattern, mask]) => clean.replace(pattern, mask as string), text)

const withoutSecrets = (text: string, secrets: ReadonlyArray<string>): string =>
  secrets.reduce((clean, secret) => clean.replaceAll(secret, "****"), text)

/** A text without what must not be told. */
export const mask = (text: string, secrets: ReadonlyArray<string>): string =>
  apply(ids, apply(keys, withoutSecrets(text, secrets)))

/** Whether a text holds one of the secrets or what looks like a key. */
export const holdsKey = (text: string, secrets: ReadonlyArray<string>): boolean =>
  apply(keys, withoutSecrets(text, secrets)) !== text
