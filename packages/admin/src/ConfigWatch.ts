/**
 * Takes changes of the configuration's file without an operator's side: whole, or not at all.
 *
 * @see Admin for a gateway with an operator's side, which does the same and keeps versions
 */
import { Understudy } from "@understudy/core/Understudy"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { ConfigSource } from "./ConfigSource.ts"
import { type Change, ConfigFile } from "./internal/ConfigFile.ts"
import { Live } from "./Live.ts"

export type { Change } from "./internal/ConfigFile.ts"

const nowhere = { all: () => [], run: () => 0 }

/** Watches in the given scope; the effect that it gives takes the file as it stands now. */
export const watch: (
  onChange?: (change: Change) => void
) => Effect.Effect<Effect.Effect<void>, never, ConfigSource | Live | Understudy | Scope.Scope> = Effect.fnUntraced(
  function* (onChange: (change: Change) => void = () => {}) {
    const file = new ConfigFile(yield* ConfigSource, yield* Understudy, nowhere, yield* Live, onChange)
    yield* Effect.forkScoped(file.watch)
    return Effect.asVoid(file.reload("signal"))
  }
)
