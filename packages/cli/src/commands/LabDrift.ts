/** `understudy lab drift`: what recorded vendors do that the mocks do not, and the other way round. */
import * as Cassette from "@understudy/lab/record/Cassette"
import * as Drift from "@understudy/lab/record/Drift"
import * as DriftText from "@understudy/lab/record/DriftText"
import * as Effect from "effect/Effect"
import { Failed, misused } from "../Failed.ts"
import * as Output from "../internal/Output.ts"
import type { Language } from "../Language.ts"

/** What the command line says. */
export interface Input {
  readonly language: Language
  readonly file: string
  readonly json: boolean
}

/** Compares; a difference is a failure, a file that is no cassette a wrong command line. */
export const run = Effect.fnUntraced(function* ({ file, json, language }: Input): Effect.fn.Return<void, Failed> {
  const exchanges = yield* Effect.fromResult(Cassette.load(file)).pipe(
    Effect.mapError(({ message }) => misused(message))
  )
  const drift = Drift.of(exchanges)
  if (json) yield* Output.json(drift)
  else yield* Output.print(DriftText.render(drift, language))
  if (drift.differences.length > 0) return yield* new Failed({ message: "", exitCode: 1 })
})
