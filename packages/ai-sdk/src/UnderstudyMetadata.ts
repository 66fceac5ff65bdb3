/**
 * What Understudy says about an answer, under `providerMetadata.understudy`.
 */
import type { JSONObject, SharedV4ProviderMetadata } from "@ai-sdk/provider"
import type { Trail } from "@understudy/core/failure/Trail"

/** Who answered, and what it took. */
export interface UnderstudyMetadata {
  readonly route: string | undefined
  readonly provider: string | undefined
  /** Every attempt of the call, in order. */
  readonly trail: Trail
}

/** A value as JSON holds it: without what is undefined. */
export const toJson = (value: object): JSONObject => JSON.parse(JSON.stringify(value))

/** The metadata as the AI SDK passes it on. */
export const toProviderMetadata = ({ provider, route, trail }: UnderstudyMetadata): SharedV4ProviderMetadata => ({
  understudy: toJson({ route, provider, trail })
})
