/** The answers of a cassette, for mocks that are to play them. */
import * as Cassette from "@understudy/lab/record/Cassette"
import type { Recording } from "@understudy/mocks/Recording"
import * as Effect from "effect/Effect"
import { type Failed, misused } from "../Failed.ts"

/** Reads a cassette's file; none are none. */
export const load = (file: string | undefined): Effect.Effect<ReadonlyArray<Recording>, Failed> =>
  file === undefined
    ? Effect.succeed([])
    : Effect.fromResult(Cassette.load(file)).pipe(
        Effect.mapBoth({
          onSuccess: (exchanges) => exchanges.map(({ recording }) => recording),
          onFailure: ({ message }) => misused(message)
        })
      )
