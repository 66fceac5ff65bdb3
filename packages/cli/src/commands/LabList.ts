/** `understudy lab list`: what the library has. */
import * as Library from "@understudy/lab/library/Library"
import type { Scenario } from "@understudy/lab/scenario/Scenario"
import * as Schedule from "@understudy/lab/scenario/Schedule"
import * as Effect from "effect/Effect"
import { type Failed, failed } from "../Failed.ts"
import * as CalledAs from "../internal/CalledAs.ts"
import * as Output from "../internal/Output.ts"
import * as Style from "../internal/Style.ts"
import { align } from "../internal/Table.ts"
import type { Language } from "../Language.ts"
import * as Length from "../lab/Length.ts"
import type { Messages } from "../Messages.ts"

/** What the command line says. */
export interface Input {
  readonly language: Language
  readonly words: ReadonlyArray<string>
  readonly json: boolean
}

const fits =
  (words: ReadonlyArray<string>) =>
  ({ name, teaches }: Scenario): boolean => {
    const text = `${name} ${teaches.en} ${teaches.zh}`.toLowerCase()
    return words.every((word) => text.includes(word.toLowerCase()))
  }

/** The scenarios whose names or lessons contain all the words. */
export const run = Effect.fnUntraced(function* (
  messages: Messages,
  { json, language, words }: Input
): Effect.fn.Return<void, Failed> {
  const { calls, listed, nothingFits } = messages.lab
  const known = [...Library.all, ...Library.quick]
  const found = known.filter(fits(words))
  const style = Style.forStream(process.stdout)
  const countOf = ({ source }: Scenario): number => Schedule.count(source.traffic)
  if (json) {
    yield* Output.json(
      found.map((each) => ({ name: each.name, teaches: each.teaches, length: each.length, calls: countOf(each) }))
    )
    return
  }
  if (found.length === 0) return yield* failed(nothingFits(words.join(" ")))
  const rows = found.map((each) => [
    style.bold(each.name),
    Length.toLabel(each.length),
    calls(countOf(each).toLocaleString("en")),
    each.teaches[language]
  ])
  yield* Output.print(...align(rows))
  yield* Output.tell("", style.dim(listed(found.length, known.length, CalledAs.here())))
})
