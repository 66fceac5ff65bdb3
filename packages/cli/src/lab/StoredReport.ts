/** A report that `lab run` wrote, read again. */
import * as Json from "@understudy/lab/report/Json"
import type { StoredRun } from "@understudy/lab/report/StoredRun"
import * as Effect from "effect/Effect"
import { type Failed, misused } from "../Failed.ts"
import type { Messages } from "../Messages.ts"
import * as TextFile from "./TextFile.ts"

/** Its runs; a file that is none is the command line's fault. */
export const read = Effect.fnUntraced(function* (
  messages: Messages,
  file: string
): Effect.fn.Return<ReadonlyArray<StoredRun>, Failed> {
  const text = yield* TextFile.read(messages, file)
  return yield* Effect.fromResult(Json.decode(text, file)).pipe(Effect.mapError(({ message }) => misused(message)))
})
