/** What of a request is kept: never its headers, and its messages only where they are asked for. */
import { createHash } from "node:crypto"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { Asked } from "../Cassette.ts"
import * as Redaction from "../Redaction.ts"
import * as Marks from "./Marks.ts"

/** A chat request, as far as it can be recorded. */
export interface Chat {
  readonly model: string
  readonly stream: boolean
  readonly asked: Asked
}

/** Fields whose words are the API's. */
const spoken = /^(?:type|tool_choice|reasoning_effort|stop_reason)$/
const nested = /^(?:stream_options|response_format|thinking|tool_choice)$/

const toOption = (name: string, value: unknown): unknown => {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value
  if (Array.isArray(value)) return `[${value.length}]`
  if (Predicate.isObject(value) && nested.test(name)) return toOptions(value)
  return typeof value === "string" && spoken.test(name) && /^[a-z_]{1,20}$/.test(value) ? value : "…"
}

const toOptions = (fields: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => !["model", "stream", "messages"].includes(name))
      .map(([name, value]) => [Marks.mask(name, []), toOption(name, value)])
  )

/** Values of a request's headers that may be secret, and their parts. */
export const secretsOf = (headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>) => {
  const values = Object.entries(headers)
    .filter(([name]) => /auth|key|token|cookie|secret/.test(name))
    .flatMap(([, value]) => value ?? [])
  const parts = values.flatMap((value) => [value, ...value.split(/[\s;,=]+/)])
  return [...new Set(parts)]
    .filter((part) => part.length >= 6 && !/^(?:bearer|basic)$/i.test(part))
    .toSorted((a, b) => b.length - a.length)
}

const parse = (text: string): unknown => Result.getOrUndefined(Result.try((): unknown => JSON.parse(text)))

/** What stands for a body that is not kept. */
export const hashOf = (body: string): string => createHash("sha256").update(body).digest("hex").slice(0, 16)

/** Reads a request of `POST …/chat/completions`; undefined for what cannot be told apart by its model. */
export const read = (
  path: string,
  body: string,
  { keepPrompts, secrets }: { readonly keepPrompts: boolean; readonly secrets: ReadonlyArray<string> }
): Chat | undefined => {
  const fields = parse(body)
  if (!Predicate.hasProperty(fields, "model") || typeof fields.model !== "string" || fields.model === "")
    return undefined
  const stream = Predicate.hasProperty(fields, "stream") && fields.stream === true
  return {
    model: Marks.mask(fields.model, secrets),
    stream,
    asked: {
      path: Marks.mask(path, secrets),
      options: toOptions(fields),
      body: hashOf(body),
      ...(keepPrompts ? { text: Redaction.body(body, false, 200, { secrets, keepText: true }) } : {})
    }
  }
}
