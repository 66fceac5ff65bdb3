import * as Effect from "effect/Effect"

/** Runs a command's module, which is imported only now: no other command waits for it. */
export const call = <Given extends ReadonlyArray<unknown>, A, E, R>(
  load: () => Promise<{ readonly run: (...given: Given) => Effect.Effect<A, E, R> }>,
  ...given: NoInfer<Given>
): Effect.Effect<A, E, R> => Effect.flatMap(Effect.promise(load), ({ run }) => run(...given))
