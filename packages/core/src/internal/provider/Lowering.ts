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
 * | another vendor's switches            | knows its own                         | its own (`Dialect.switches`)             |
 * | `response_format: json_object`       | has none                              | the instruction alone                    |
 * | `max_completion_tokens`, `max_tokens` | knows one of them                    | that one (`Dialect.lengthField`)         |
 * | what the target refuses while it does what nobody asked for | does so by default | the default switched off (`Dialect.settle`) |
 *
 * Pure, once an attempt. The same request comes back when nothing has to change, so that its text goes out as it came.
 */
import * as Predicate from "effect/Predicate"
import type { Dialect, StructuredOutput } from "../../provider/Dialect.ts"
import { vendors } from "../../provider/Vendors.ts"
import type { ChatCompletionRequest, ModelRequest } from "../../wire/ChatCompletion.ts"
import * as Conversation from "./Conversation.ts"
import * as ModelTable from "./ModelTable.ts"
import * as ToolTurns from "./ToolTurns.ts"
import type { Vendor } from "./Vendor.ts"

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

const settled = <R extends ModelRequest>({ settle }: Dialect, request: R): R => settle?.(request) ?? request

const abilityOf = ({ dialect, structuredOutput }: Taker, request: ModelRequest): StructuredOutput =>
  structuredOutput ?? dialect.structuredOutput(settled(dialect, request))

/** How the target is asked to keep to the request's schema; undefined when it has none. `request` names the target's model. */
export const structured = (taker: Taker, request: ModelRequest): "native" | "instructed" | undefined => {
  if (schemaOf(request) === undefined) return undefined
  return abilityOf(taker, request) === "json_schema" ? "native" : "instructed"
}

const asJson = "Write your answer as JSON, with no other text before or after it."

const toInstruction = ({ description, schema }: Fields): string =>
  [
    asJson,
    ...(typeof description === "string" ? [`It holds: ${description}`] : []),
    `It must keep to this JSON Schema:\n${JSON.stringify(schema ?? {})}`
  ].join("\n")

const lowerFormat = (taker: Taker, request: ChatCompletionRequest): ChatCompletionRequest => {
  if (!ModelTable.wantsFormat(request)) return request
  const schema = schemaOf(request)
  const ability = abilityOf(taker, request)
  if (ability === "json_schema" || (schema === undefined && ability === "json_object")) return request
  const { response_format: _, ...rest } = request
  return {
    ...rest,
    model: request.model,
    messages: Conversation.withInstruction(request.messages, schema === undefined ? asJson : toInstruction(schema)),
    ...(ability === "json_object" ? { response_format: { type: "json_object" } } : {})
  }
}

const namesOf = ({ switches }: Dialect): ReadonlyArray<string> => Object.values(switches ?? {}).map(({ name }) => name)

const foreignTo = new Map(
  Object.values(vendors).map(({ dialect }: Vendor): [Dialect, ReadonlyArray<string>] => {
    if (dialect.switches === undefined) return [dialect, []]
    const everybodys = new Set(Object.values(vendors).flatMap((vendor: Vendor) => namesOf(vendor.dialect)))
    return [dialect, [...everybodys].filter((name) => !namesOf(dialect).includes(name))]
  })
)

/** Without the switches that only another vendor knows: thinking, its budget, a search of the web. */
const withoutForeign = (dialect: Dialect, request: ChatCompletionRequest): ChatCompletionRequest => {
  const foreign = foreignTo.get(dialect) ?? []
  if (!foreign.some((name) => request[name] !== undefined)) return request
  const kept: Record<string, unknown> = { ...request }
  for (const name of foreign) delete kept[name]
  return kept as ChatCompletionRequest
}

const otherField = { max_tokens: "max_completion_tokens", max_completion_tokens: "max_tokens" } as const

/** The bound of the answer's length in the vendor's own field; where the caller used both, the vendor's stays. */
const withOwnLength = ({ lengthField }: Dialect, request: ChatCompletionRequest): ChatCompletionRequest => {
  if (lengthField === undefined || request[otherField[lengthField]] === undefined) return request
  const { [otherField[lengthField]]: given, ...rest } = request
  const own = rest[lengthField] ?? given
  return { ...rest, ...(own == null ? {} : { [lengthField]: own }) } as ChatCompletionRequest
}

/** Makes a request fit for its target. `request` names the target's model. */
export const lower = (taker: Taker, request: ChatCompletionRequest): ChatCompletionRequest => {
  const { dialect } = taker
  const own = withOwnLength(dialect, withoutForeign(dialect, request))
  const formatted = lowerFormat(taker, settled(dialect, own))
  const messages = ToolTurns.mend(taker.dialect.lower(formatted))
  return messages === formatted.messages ? formatted : { ...formatted, messages }
}
