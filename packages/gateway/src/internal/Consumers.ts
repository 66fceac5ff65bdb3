/**
 * Who calls: consumers by the hash of their keys.
 *
 * A key is hashed before it is compared, and looked up by its digest: how long that takes tells a guesser something about a
 * SHA-256 at most, never about a key.
 */
import { hash } from "node:crypto"
import type { IncomingHttpHeaders } from "node:http"
import type { ConsumerConfig } from "@understudy/core/config/UnderstudyConfig"
import * as Glob from "./Glob.ts"

/** A consumer, ready for use. */
export interface Consumer {
  readonly name: string
  /** Patterns of the models that it may ask for; empty allows all. */
  readonly models: ReadonlyArray<string>
  readonly mayUse: (model: string) => boolean
}

/** What is known of a caller. */
export type Caller =
  /** Nobody is configured: everybody may call. */
  | { readonly _tag: "Anyone" }
  | { readonly _tag: "Known"; readonly consumer: Consumer }
  | { readonly _tag: "Unknown"; readonly sentKey: boolean }

/** Finds the caller of a request. */
export interface Consumers {
  readonly identify: (headers: IncomingHttpHeaders) => Caller
}

const anyone: Caller = { _tag: "Anyone" }
const withoutKey: Caller = { _tag: "Unknown", sentKey: false }
const withWrongKey: Caller = { _tag: "Unknown", sentKey: true }

const toConsumer = ({ models, name }: ConsumerConfig): Consumer => {
  const globs = models.map(Glob.compile)
  return { name, models, mayUse: (model) => globs.length === 0 || globs.some((fits) => fits(model)) }
}

const bearerOf = (authorization: string | undefined): string | undefined =>
  authorization !== undefined && authorization.length > 7 && authorization.slice(0, 7).toLowerCase() === "bearer "
    ? authorization.slice(7).trim()
    : undefined

const headerOf = (value: string | ReadonlyArray<string> | undefined): string | undefined =>
  typeof value === "string" ? value.trim() : undefined

/** Compiles the configured consumers. */
export const make = (configs: ReadonlyArray<ConsumerConfig>): Consumers => {
  if (configs.length === 0) return { identify: () => anyone }
  const known = new Map<string, Caller>()
  for (const config of configs) {
    const caller: Caller = { _tag: "Known", consumer: toConsumer(config) }
    for (const digest of config.keyHashes) known.set(digest, caller)
  }
  const find = (key: string | undefined): Caller | undefined =>
    key === undefined || key === "" ? undefined : (known.get(hash("sha256", key)) ?? withWrongKey)
  return {
    // A client library may fill `Authorization` with a placeholder: any header that holds a good key is enough.
    identify: (headers) => {
      const first = find(bearerOf(headers.authorization))
      if (first?._tag === "Known") return first
      const second = find(headerOf(headers["x-api-key"]))
      if (second?._tag === "Known") return second
      return find(headerOf(headers["api-key"])) ?? second ?? first ?? withoutKey
    }
  }
}
