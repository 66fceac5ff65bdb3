/**
 * Live statistics of a core, and what happens to its keys, targets and configuration: a listener that is provided to
 * whatever builds the core, and asked by the admin API.
 *
 * **Gotchas**
 *
 * - It is to be provided below the core, or it hears nothing. A listener that is there already goes on hearing everything.
 */
import { all, Listener } from "@understudy/core/telemetry/Event"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Internal from "./internal/Live.ts"

/** What the core has done of late. */
export class Live extends Context.Service<Live, Internal.Live>()("understudy/admin/Live") {}

/** Makes one that hears nothing yet; without calls it keeps no statistics, and costs calls nothing. */
export const make = (wantsCalls = true): Effect.Effect<Internal.Live> =>
  Effect.map(Clock.Clock, (clock) => new Internal.Live(() => clock.currentTimeMillisUnsafe(), wantsCalls))

/** Lets it hear the cores that the layer is provided to. */
export const listen = (live: Internal.Live): Layer.Layer<never> =>
  Layer.effect(
    Listener,
    Effect.map(Listener, (before) => all(before, live))
  )

/** Listens to the cores that it is provided to. */
export const layer: Layer.Layer<Live> = Layer.unwrap(
  Effect.map(make(), (live) => Layer.merge(Layer.succeed(Live, live), listen(live)))
)
