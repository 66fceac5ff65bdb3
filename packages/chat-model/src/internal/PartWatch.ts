/**
 * Watches parts go by without changing them, an array at a time.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ChatPart } from "../ChatPart.ts"

/** Hands the parts of a stream that came to its end to an effect, and ends when that has ended. */
export const onComplete = <E, E2>(
  stream: Stream.Stream<ChatPart, E>,
  complete: (parts: ReadonlyArray<ChatPart>) => Effect.Effect<void, E2>
): Stream.Stream<ChatPart, E | E2> =>
  Stream.suspend(() => {
    const parts: Array<ChatPart> = []
    const watched = Stream.mapArray(stream, (taken) => {
      for (const part of taken) parts.push(part)
      return taken
    })
    return Stream.concat(watched, Stream.fromEffectDrain(Effect.suspend(() => complete(parts))))
  })
