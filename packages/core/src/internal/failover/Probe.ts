/**
 * Asks a vendor whether a key is well: over the dialect's free endpoint, or with one token of `healthCheckModel`.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { AttemptFailure } from "../../failure/AttemptFailure.ts"
import type { ApiKey } from "../../key/ApiKey.ts"
import * as Provider from "../../provider/Provider.ts"
import type { Upstream } from "../../upstream/Upstream.ts"
import * as AnswerReader from "../exchange/AnswerReader.ts"
import * as Exchange from "../exchange/Exchange.ts"
import * as Reader from "../exchange/Reader.ts"
import * as Watchdog from "../upstream/Watchdog.ts"

/** How a probe ended. */
export type Result = Reader.Outcome<string>

/** What a live check says of a key. */
export interface KeyCheck {
  readonly provider: string
  readonly key: string
  readonly name: string
  readonly ok: boolean
  /** Undefined when the key is well. */
  readonly failure: AttemptFailure | undefined
  readonly millis: number
}

/** True when the vendor accepted the key. */
export const isOk = (result: Result): boolean => result._tag === "Answered"

const collect =
  (context: Reader.AttemptContext): Reader.MakeReader<string> =>
  (control, headers) => {
    const { dialect, pool } = context.provider
    return AnswerReader.words(context, control, headers["content-type"], (body) => {
      // A paid probe is a completion: any 2xx with a body will do. A free one is read by the dialect.
      const healthy =
        pool.options.policy.healthCheckModel !== undefined ? body.trim() !== "" : dialect.probe.isHealthy(200, body)
      if (healthy) return control.answer(body)
      const message = "the account cannot be used: its balance is gone"
      control.fail(
        Reader.toFailure(context, 402, headers, { message, type: undefined, code: undefined, param: undefined })
      )
    })
  }

/** Probes one key, within `healthCheckTimeout`. */
export const run = (upstream: Upstream["Service"], provider: Provider.Provider, key: ApiKey): Effect.Effect<Result> =>
  Effect.suspend(() => {
    const { healthCheckTimeout } = provider.pool.options.policy
    const request = Provider.toProbeRequest(provider, key)
    return Exchange.runAlone({ upstream, provider, key }, request, healthCheckTimeout, collect)
  })

/** Probes one key, and says how it went. */
export const check = Effect.fnUntraced(function* (
  upstream: Upstream["Service"],
  provider: Provider.Provider,
  key: ApiKey
): Effect.fn.Return<KeyCheck> {
  const clock = yield* Clock.Clock
  const startedAt = Watchdog.now(clock)
  const result = yield* run(upstream, provider, key)
  return {
    provider: provider.name,
    key: key.id,
    name: key.name,
    ok: isOk(result),
    failure: result._tag === "Failed" ? result.failure : undefined,
    millis: Math.round(Watchdog.now(clock) - startedAt)
  }
})

/** Probes every key of every provider, side by side. */
export const checkAll = (
  upstream: Upstream["Service"],
  providers: ReadonlyArray<Provider.Provider>
): Effect.Effect<ReadonlyArray<KeyCheck>> =>
  Effect.forEach(
    providers.flatMap((provider) => provider.pool.keys.map((key) => ({ provider, key }))),
    ({ key, provider }) => check(upstream, provider, key),
    { concurrency: 8 }
  )
