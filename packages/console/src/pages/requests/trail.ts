/** A call's trail as its line says it, attempt by attempt. */

/** What became of an attempt: it answered, it failed, it was given up, or it was never sent. */
export type Kind = "ok" | "failed" | "cancelled" | "skipped"

/** One entry of a trail. */
export interface Attempt {
  readonly provider: string
  readonly model: string
  /** The key's id; undefined where the target was passed over. */
  readonly key: string | undefined
  readonly kind: Kind
  /** `Unauthorized`, `no usable key: RateLimited`; empty for one that answered. */
  readonly reason: string
  /** The caller had been given content already. */
  readonly afterContent: boolean
  /** Milliseconds that it lasted. */
  readonly millis: number
  /** When it began, in milliseconds behind the call's beginning: entries are laid one behind the other. */
  readonly startsAt: number
}

const entry = /^(?<provider>[^/]+)\/(?<model>.+?)(?:#(?<key>[^\s#]+))? (?<outcome>skipped\(.*|\S.*?)$/

const lasted = /^(?<outcome>.*?) (?<millis>\d+)ms(?: \(.*\))?$/

const kindOf = (outcome: string): Kind => {
  if (outcome === "ok") return "ok"
  if (outcome.startsWith("skipped(")) return "skipped"
  return outcome.startsWith("Cancelled") ? "cancelled" : "failed"
}

const skipped = (outcome: string): string => outcome.replace(/^skipped\((.*?)\)/, "$1")

/** Takes a line apart; what is no entry is left out. */
export const parse = (line: string | null): ReadonlyArray<Attempt> => {
  const attempts: Array<Attempt> = []
  let startsAt = 0
  // Parentheses may hold a whole trail of a gateway behind this one.
  for (const text of (line ?? "").split(/, (?![^(]*\))/)) {
    const { key, model, outcome: rest = "", provider } = entry.exec(text)?.groups ?? {}
    if (provider === undefined || model === undefined) continue
    const { millis = "0", outcome = rest } = lasted.exec(rest)?.groups ?? {}
    const kind = kindOf(outcome)
    const afterContent = outcome.endsWith(" after content")
    const reason = kind === "ok" ? "" : kind === "skipped" ? skipped(outcome) : outcome.replace(/ after content$/, "")
    attempts.push({ provider, model, key, kind, reason, afterContent, millis: Number(millis), startsAt })
    startsAt += Number(millis)
  }
  return attempts
}

/** What the engine did after an attempt, as far as the next one tells it. */
export type Next = "answer" | "anotherKey" | "again" | "nextTarget" | "end"

/** What followed an entry. */
export const nextOf = (attempts: ReadonlyArray<Attempt>, at: number): Next => {
  const [attempt, next] = [attempts[at], attempts[at + 1]]
  if (attempt?.kind === "ok") return "answer"
  if (attempt === undefined || next === undefined) return "end"
  if (next.provider !== attempt.provider || next.model !== attempt.model) return "nextTarget"
  return next.key === attempt.key ? "again" : "anotherKey"
}
