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

const make = (wantsCalls: boolean): Layer.Layer<Live> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const before = yield* Listener
      const live = new Internal.Live(() => clock.currentTimeMillisUnsafe(), wantsCalls)
      return Context.make(Live, live).pipe(Context.add(Listener, all(before, live)))
    })
  )

/** Listens to the cores that it is provided to. */
export const layer: Layer.Layer<Live> = make(true)

/** The same without statistics: it costs calls nothing. */
export const layerWithoutCalls: Layer.Layer<Live> = make(false)
