/**
 * Reads what vendors put into the body of an error, in every shape that has been seen: OpenAI's envelope, DashScope's
 * native `{code, message, request_id}`, an envelope inside an SSE line (DashScope answers a refused stream so), a bare
 * string, plain text, nothing.
 */
import * as Predicate from "effect/Predicate"
import * as Json from "../wire/Json.ts"

/** The fields of an error, as far as they were there. */
export interface ErrorBody {
  readonly message: string
  readonly type: string | undefined
  readonly code: string | undefined
  readonly param: string | undefined
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined

const sseLine = /^data:\s*(\{.*\})\s*$/m

/** The fields of a parsed error: the envelope's `error` member, or the native shape itself. */
export const fromJson = (json: unknown): ErrorBody | undefined => {
  if (!Predicate.isObject(json)) return undefined
  const outer = json as Record<string, unknown>
  const inner = outer["error"]
  if (typeof inner === "string") return { message: inner, type: undefined, code: text(outer["code"]), param: undefined }
  const fields = Predicate.isObject(inner) ? (inner as Record<string, unknown>) : outer
  const message = text(fields["message"])
  if (message === undefined && text(fields["code"]) === undefined) return undefined
  return {
    message: message ?? "",
    type: text(fields["type"]),
    code: text(fields["code"]),
    param: text(fields["param"])
  }
}

/** Reads a body; plain text (DeepSeek's 401 without credentials, a proxy's HTML) becomes the message. */
export const parse = (body: string): ErrorBody => {
  const trimmed = body.trim()
  const inLine = sseLine.exec(trimmed)?.[1]
  const found = fromJson(Json.parse(trimmed)) ?? (inLine === undefined ? undefined : fromJson(Json.parse(inLine)))
  return found ?? { message: trimmed, type: undefined, code: undefined, param: undefined }
}
