/**
 * A request as its target takes it. The caller's request is written for the vendor that was asked for; the one that answers
 * instead may lack something of it, or refuse a conversation that another vendor began.
 *
 * | the request has                      | the target                            | it gets                                  |
 * | ------------------------------------ | ------------------------------------- | ---------------------------------------- |
 * | `response_format: json_schema`       | takes it                              | the same                                 |
 * |                                      | has `json_object`                     | that, and the schema as an instruction   |
 * |                                      | has neither                           | the instruction alone                    |
 * | tool calls that are amiss            | any                                   | what every vendor takes (`ToolTurns`)    |
 * | another vendor's fields of messages  | knows its own                         | its own (`Dialect.lower`)                |
 * | another vendor's switches            | knows its own                         | its own (`Dialect.foreign`)              |
 *
 * Pure, once an attempt. The same request comes back when nothing has to change, so that its text goes out as it came.
 */
import * as Predicate from "effect/Predicate"
import type { ChatCompletionRequest, ModelRequest } from "../wire/ChatCompletion.ts"
import * as Conversation from "./Conversation.ts"
import type { Dialect, StructuredOutput } from "./Dialect.ts"
import * as ToolTurns from "./ToolTurns.ts"

/** Who takes the request. */
export interface Taker {
  readonly dialect: Dialect
  /** What its operator says that it takes; undefined leaves that to the dialect. */
  readonly structuredOutput: StructuredOutput | undefined
}

type Fields = Readonly<Record<string, unknown>>

const schemaOf = (request: ModelRequest): Fields | undefined => {
  const format = request["response_format"]
  if (!Predicate.hasProperty(format, "type") || format.type !== "json_schema") return undefined
  return ("json_schema" in format && Predicate.isObject(format.json_schema) ? format.json_schema : {}) as Fields
}

const abilityOf = ({ dialect, structuredOutput }: Taker, request: ModelRequest): StructuredOutput =>
  structuredOutput ?? dialect.structuredOutput(request)

/** How the target is asked to keep to the request's schema; undefined when it has none. `request` names the target's model. */
export const structured = (taker: Taker, request: ModelRequest): "native" | "instructed" | undefined => {
  if (schemaOf(request) === undefined) return undefined
  return abilityOf(taker, request) === "json_schema" ? "native" : "instructed"
}

const toInstruction = ({ description, schema }: Fields): string =>
  [
    "Write your answer as JSON, with no other text before or after it.",
    ...(typeof description === "string" ? [`It holds: ${description}`] : []),
    `It must keep to this JSON Schema:\n${JSON.stringify(schema ?? {})}`
  ].join("\n")

const lowerFormat = (taker: Taker, request: ChatCompletionRequest): ChatCompletionRequest => {
  const schema = schemaOf(request)
  const ability = schema === undefined ? undefined : abilityOf(taker, request)
  if (schema === undefined || ability === "json_schema") return request
  const { response_format: _, ...rest } = request
  return {
    ...rest,
    model: request.model,
    messages: Conversation.withInstruction(request.messages, toInstruction(schema)),
    ...(ability === "json_object" ? { response_format: { type: "json_object" } } : {})
  }
}

/** Without the switches that only another vendor knows: thinking, its budget, a search of the web. */
const withoutForeign = ({ foreign }: Dialect, request: ChatCompletionRequest): ChatCompletionRequest => {
  if (!foreign.some((name) => request[name] !== undefined)) return request
  const kept: Record<string, unknown> = { ...request }
  for (const name of foreign) delete kept[name]
  return kept as ChatCompletionRequest
}

/** Makes a request fit for its target. `request` names the target's model. */
export const lower = (taker: Taker, request: ChatCompletionRequest): ChatCompletionRequest => {
  const formatted = lowerFormat(taker, withoutForeign(taker.dialect, request))
  const messages = ToolTurns.mend(taker.dialect.lower(formatted))
  return messages === formatted.messages ? formatted : { ...formatted, messages }
}
