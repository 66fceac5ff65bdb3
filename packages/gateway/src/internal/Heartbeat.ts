/**
 * Tells callers who wait long for the first content of a stream that somebody is there, so that nothing on the way takes the
 * connection for a dead one. One sleeping fiber for all of them: a stream that begins in time costs nothing.
 */
import { Watchdog } from "@understudy/core/face/Face"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Served } from "./Server.ts"
import type { Services } from "./Services.ts"

/** How late a comment may be, in milliseconds. */
const slack = 1_000

/** Looks after waiting callers for as long as it runs; `every` is in milliseconds, and 0 leaves them alone. */
export const run = ({ clock }: Services, { open }: Served, every: number): Effect.Effect<void> => {
  if (every === 0) return Effect.void
  const look = Effect.sync(() => {
    const now = Watchdog.now(clock)
    for (const exchange of open) exchange.comfort(now, every)
  })
  const pause = Duration.millis(Math.min(slack, Math.ceil(every / 4)))
  return Effect.forever(Effect.andThen(Effect.sleep(pause), look))
}
