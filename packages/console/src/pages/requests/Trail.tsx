/** A trail in one glance: a mark an attempt. */
import { useTexts } from "../../text/Language.tsx"
import { useReason as useWord } from "../../text/Reasons.ts"
import { Mark, type Tone } from "../../ui/Status.tsx"
import { texts } from "./messages.ts"
import { type Attempt, type Kind, parse } from "./trail.ts"

/** How good each end is. */
export const tones: Readonly<Record<Kind, Tone>> = { ok: "ok", failed: "bad", cancelled: "off", skipped: "off" }

/** A reason in words: `RateLimited`, or what a passed-over target says of its keys. */
export const useReason = (): ((attempt: Attempt) => string) => {
  const toWord = useWord()
  return ({ reason }) => reason.replace(/[A-Z][A-Za-z]+/g, toWord)
}

/** The marks, with their words for those who do not see them. */
export const Trail = ({ line }: { readonly line: string | null }) => {
  const { ok } = useTexts(texts)
  const toReason = useReason()
  const attempts = parse(line)
  const said = attempts.map((each) => `${each.provider}/${each.model}: ${each.kind === "ok" ? ok : toReason(each)}`)
  return (
    <span className="trail" role="img" aria-label={said.join("; ")} title={said.join("\n")}>
      {attempts.map(({ key, kind, startsAt, model }) => (
        <Mark key={`${model} ${key} ${startsAt} ${kind}`} tone={tones[kind]} />
      ))}
    </span>
  )
}
