/** How it goes, in one sentence or two: the worst first, and nothing that is as it should be where something is not. */
import type { Provider, Statistics } from "../../api/queries.ts"
import type { Format } from "../../text/Format.ts"
import type { Tone } from "../../ui/Status.tsx"
import type { texts } from "./messages.ts"

/** What is said, and how bad it is. */
export interface Verdict {
  readonly tone: Tone
  readonly sentences: ReadonlyArray<string>
}

interface Given {
  readonly words: (typeof texts)["en"]["verdict"]
  readonly within: string
  readonly format: Format
  readonly reason: (tag: string | null) => string
  readonly totals: Statistics["totals"]
  readonly providers: ReadonlyArray<Provider>
  /** Targets whose circuits are open. */
  readonly open: ReadonlyArray<string>
}

const keysOut = ({ providers, reason, words }: Given) =>
  providers.flatMap(({ keys, name }) => {
    const out = keys.filter(({ state }) => state.state !== "Available")
    if (out.length === 0) return []
    const why = [
      ...new Set(out.map(({ state }) => (state.state === "Disabled" ? words.disabled : reason(state.reason))))
    ]
    const list = why.filter((each) => each !== "").join(", ")
    const isWhole = out.length === keys.length
    const text = isWhole ? words.allKeysOut(name, list) : words.keysOut(name, out.length, keys.length, list)
    return [{ isWhole, text }]
  })

/** Judges. */
export const judge = (given: Given): Verdict => {
  const { format, open, totals, within, words } = given
  const failed = totals.calls - totals.ok
  const out = keysOut(given)
  const sentences = [
    ...(totals.calls === 0 ? [words.quiet(within)] : []),
    ...(totals.calls > 0 && failed === 0 ? [words.answered] : []),
    ...(failed > 0 ? [words.failing(format.percent(failed / totals.calls), format.number(failed))] : []),
    ...out.map(({ text }) => text),
    ...(open.length > 0 ? [words.circuits(open.join(", "))] : []),
    ...(totals.fellBack > 0 ? [words.fallBack(format.percent(totals.fellBack / totals.calls))] : []),
    ...(out.length === 0 && open.length === 0 && totals.fellBack === 0 && failed === 0 ? [words.fine] : [])
  ]
  if (failed > 0 || out.some(({ isWhole }) => isWhole)) return { tone: failed > 0 ? "bad" : "warn", sentences }
  if (out.length > 0 || open.length > 0 || totals.fellBack > 0) return { tone: "warn", sentences }
  return { tone: totals.calls === 0 ? "off" : "ok", sentences }
}
