/**
 * Watches parts go by without changing them, an array at a time.
 */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import type { ChatPart } from "../../ChatPart.ts"

/** Puts parts into an array as they pass. */
export const collect = <E>(stream: Stream.Stream<ChatPart, E>, into: Array<ChatPart>): Stream.Stream<ChatPart, E> =>
  Stream.mapArray(stream, (taken) => {
    for (const part of taken) into.push(part)
    return taken
  })

/** Hands the parts of a stream that came to its end to an effect, and ends when that has ended. */
export const onComplete = <E, E2>(
  stream: Stream.Stream<ChatPart, E>,
  complete: (parts: ReadonlyArray<ChatPart>) => Effect.Effect<void, E2>
): Stream.Stream<ChatPart, E | E2> =>
  Stream.suspend(() => {
    const parts: Array<ChatPart> = []
    return Stream.concat(collect(stream, parts), Stream.fromEffectDrain(Effect.suspend(() => complete(parts))))
  })

/** Hands the parts that came and how the stream ended to an effect, in whatever way it ended. */
export const onExit = <E>(
  stream: Stream.Stream<ChatPart, E>,
  end: (parts: ReadonlyArray<ChatPart>, exit: Exit.Exit<unknown, E>) => Effect.Effect<void>
): Stream.Stream<ChatPart, E> =>
  Stream.suspend(() => {
    const parts: Array<ChatPart> = []
    return Stream.onExit(collect(stream, parts), (exit) => end(parts, exit))
  })
