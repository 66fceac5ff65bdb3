/**
 * Who calls: consumers by the hash of their keys.
 *
 * A key is hashed before it is compared, and looked up by its digest: how long that takes tells a guesser something about a
 * SHA-256 at most, never about a key.
 */
import { hash } from "node:crypto"
import type { IncomingHttpHeaders } from "node:http"
import type { ConsumerConfig } from "@understudy/core/config/UnderstudyConfig"
import * as Limits from "../Limits.ts"
import * as Glob from "./Glob.ts"

/** A consumer, ready for use. */
export interface Consumer {
  readonly name: string
  /** Patterns of the models that it may ask for; empty allows all. */
  readonly models: ReadonlyArray<string>
  readonly mayUse: (model: string) => boolean
  /** Names of the routes that it may take; empty allows all. */
  readonly routes: ReadonlyArray<string>
  readonly limits: ReadonlyArray<Limits.Limit>
  /** The currency of its limits in money. */
  readonly currency: string
}

/** What is known of a caller. */
export type Caller =
  /** Nobody is configured: everybody may call. */
  | { readonly _tag: "Anyone" }
  /** `expires` is when the key that it sent does, in milliseconds since 1970. */
  | { readonly _tag: "Known"; readonly consumer: Consumer; readonly hash: string; readonly expires: number | undefined }
  /** `hash` is of the key that it sent; undefined without any. */
  | { readonly _tag: "Unknown"; readonly hash: string | undefined }

/** Finds the caller of a request. */
export interface Consumers {
  readonly identify: (headers: IncomingHttpHeaders) => Caller
}

const anyone: Caller = { _tag: "Anyone" }
const withoutKey: Caller = { _tag: "Unknown", hash: undefined }

const toConsumer = (config: ConsumerConfig): Consumer => {
  const { limits, models, name, routes } = config
  const globs = models.map(Glob.compile)
  return {
    name,
    models,
    mayUse: (model) => globs.length === 0 || globs.some((fits) => fits(model)),
    routes,
    limits: Limits.of(config),
    currency: limits.currency
  }
}

/** Whether a consumer may take a route. */
export const mayTake = ({ routes }: Consumer, route: string): boolean => routes.length === 0 || routes.includes(route)

const bearerOf = (authorization: string | undefined): string | undefined =>
  authorization !== undefined && authorization.length > 7 && authorization.slice(0, 7).toLowerCase() === "bearer "
    ? authorization.slice(7).trim()
    : undefined

const headerOf = (value: string | ReadonlyArray<string> | undefined): string | undefined =>
  typeof value === "string" ? value.trim() : undefined

/** Where keys stand beside `Authorization`: as Anthropic's, Azure's and Google's clients send them. */
const otherHeaders = ["x-api-key", "api-key", "x-goog-api-key"]

/** Compiles the configured consumers. */
export const make = (configs: ReadonlyArray<ConsumerConfig>): Consumers => {
  if (configs.length === 0) return { identify: () => anyone }
  const known = new Map<string, Caller>()
  for (const config of configs) {
    const consumer = toConsumer(config)
    for (const { expires, hash } of config.keys) known.set(hash, { _tag: "Known", consumer, hash, expires })
  }
  const find = (key: string | undefined): Caller | undefined => {
    if (key === undefined || key === "") return undefined
    const digest = hash("sha256", key)
    return known.get(digest) ?? { _tag: "Unknown", hash: digest }
  }
  return {
    // A client library may fill `Authorization` with a placeholder: any header that holds a good key is enough.
    identify: (headers) => {
      let best = find(bearerOf(headers.authorization))
      for (const name of otherHeaders) {
        if (best?._tag === "Known") return best
        best = find(headerOf(headers[name])) ?? best
      }
      return best ?? withoutKey
    }
  }
}
