/**
 * Bodies of errors as vendors send them, and what each of them means. From vendors' pages and public captures; what a table
 * of ours makes of them is judged by these rows alone.
 */
import { describe, expect, it } from "vitest"
import type { ReasonTag } from "../src/failure/Reason.ts"
import * as DeepSeek from "../src/internal/provider/deepseek/DeepSeek.ts"
import * as ErrorBody from "../src/internal/provider/ErrorBody.ts"
import * as ErrorTable from "../src/internal/provider/ErrorTable.ts"
import * as OpenAiCompatible from "../src/internal/provider/openai-compatible/OpenAiCompatible.ts"
import * as Qwen from "../src/internal/provider/qwen/Qwen.ts"
import { penniless, relayedPenniless } from "./errors/BalanceExhausted.ts"
import { callers, filtered, missing } from "./errors/Callers.ts"
import { tooLong } from "./errors/ContextTooLong.ts"
import { e, type Row } from "./errors/envelopes.ts"
import { limited } from "./errors/RateLimited.ts"
import { denied, failing, overloaded, unauthorized } from "./errors/Servers.ts"
import { unsuited } from "./errors/Unsuited.ts"

const text = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body))

const classify = (dialect: { readonly errors: ErrorTable.Rows }, status: number, body: unknown): ReasonTag =>
  ErrorTable.classify(dialect.errors, status, ErrorBody.parse(text(body)))

const meant: ReadonlyArray<readonly [ReasonTag, ReadonlyArray<Row>]> = [
  ["ContextTooLong", tooLong],
  ["RateLimited", limited],
  ["BalanceExhausted", [...penniless, ...relayedPenniless]],
  ["Overloaded", overloaded],
  ["ContentFiltered", filtered],
  ["Unauthorized", unauthorized],
  ["PermissionDenied", denied],
  ["ModelNotFound", missing],
  ["Unsuited", unsuited],
  ["ServerFailed", failing],
  ["InvalidRequest", callers]
]

describe.each(meant)("%s", (reason, rows) => {
  it.each(rows)("is what %s means by %i %j", (_, status, body) => {
    expect(classify(OpenAiCompatible.dialect, status, body)).toBe(reason)
  })
})

/** Relays put any of them into HTTP 200. */
const objects = meant.flatMap(([, rows]) =>
  rows.filter(([, , body]) => typeof body === "object" && !Array.isArray(body))
)

describe("inside HTTP 200", () => {
  it.each(objects)("is an error and no answer what %s sends, %i %j", (_, __, body) => {
    const { code, message, type } = ErrorBody.parse(text(body))
    expect(ErrorBody.within(body) ?? ErrorBody.instead(body)).toMatchObject({ code, message, type })
  })

  it.each([
    [{ code: 0, message: "success" }],
    [{ code: 200, msg: "ok" }],
    [{ code: "SUCCESS", message: "done" }],
    [{ status: "queued", message: "You are the third" }],
    [{ code: 500, message: "x", data: [{ embedding: [1] }] }],
    [{ choices: [], code: 1302, msg: "x" }]
  ])("is none in a frame that says %j", (frame) => {
    expect(ErrorBody.within(frame)).toBeUndefined()
  })
})

describe("at the vendors with a table of their own", () => {
  const qwen = (code: string | null, message: string) => ({ error: { code, param: null, message, type: code } })
  const algo = "<400> InternalError.Algo.InvalidParameter: "
  const bad = "invalid_parameter_error"

  it.each<[ReasonTag, number, unknown]>([
    [
      "Unsuited",
      400,
      qwen(bad, "developer is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.['0].role'")
    ],
    [
      "Unsuited",
      400,
      qwen(bad, `${algo}The tool_choice parameter does not support being set to required or object in thinking mode`)
    ],
    ["Unsuited", 400, qwen(bad, "parameter.enable_thinking must be set to false for non-streaming calls")],
    ["Unsuited", 400, qwen(bad, "The value of the enable_thinking parameter is restricted to True.")],
    ["Unsuited", 400, qwen(bad, "Json mode response is not supported when enable_thinking is true")],
    ["Unsuited", 400, qwen(null, "qwen-omni-turbo-2025-01-19 only support with stream=true")],
    [
      "Unsuited",
      400,
      qwen(bad, `${algo}The provided messages input is invalid. The error info is [Unexpected item type in content.]`)
    ],
    ["Unsuited", 400, qwen(bad, "This model does not support enable_search.")],
    [
      "ContentFiltered",
      400,
      { code: "IPInfringementSuspect", message: "Input data is suspected of being involved in IP infringement." }
    ],
    ["InvalidRequest", 400, qwen(bad, `${algo}Range of temperature should be [0, 2)`)],
    [
      "InvalidRequest",
      400,
      qwen(
        bad,
        `${algo}'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.`
      )
    ],
    [
      "BalanceExhausted",
      429,
      qwen("insufficient_quota", "hour allocated quota exceeded, please increase your quota limit.")
    ],
    ["RateLimited", 429, qwen("insufficient_quota", "Allocated quota exceeded, please increase your quota limit.")],
    [
      "RateLimited",
      400,
      'id:1\nevent:error\n:HTTP_STATUS/429\ndata:{"code":"Throttling.AllocationQuota","message":"quota","request_id":"r"}\n\n'
    ],
    [
      "ContentFiltered",
      400,
      'event:error\ndata:{"request_id":"r","code":"InvalidParameter","message":"data: {\\"error\\":{\\"code\\":\\"data_inspection_failed\\",\\"message\\":\\"no\\"}}"}\n\n'
    ]
  ])("is %s what Qwen means by %i %j", (reason, status, body) => {
    expect(classify(Qwen.dialect, status, body)).toBe(reason)
  })

  it.each<[ReasonTag, number, string]>([
    ["Unsuited", 400, "Thinking mode does not support this tool_choice"],
    [
      "Unsuited",
      400,
      "Failed to deserialize the JSON body into the target type: messages[0]: unknown variant `image_url`, expected `text` at line 1 column 90"
    ],
    [
      "Unsuited",
      400,
      "Failed to deserialize the JSON body into the target type: messages[0].role: unknown variant `developer`, expected one of `system`, `user`"
    ],
    ["Unsuited", 400, "Missing reasoning_content field in the assistant message at message index 2"],
    [
      "RateLimited",
      429,
      "Too many requests. Your current concurrency is 8, which exceeds your concurrency limit of 7 based on your remaining balance. Please top up your balance to restore your concurrency."
    ],
    [
      "ModelNotFound",
      400,
      "The supported API model names are deepseek-v4-pro or deepseek-flash, but you passed x. (request_id: 1)"
    ],
    ["InvalidRequest", 400, "Messages with role 'tool' must be a response to a preceding message with 'tool_calls'"]
  ])("is %s what DeepSeek means by %i %s", (reason, status, message) => {
    const body = e(message, "invalid_request_error", "invalid_request_error")
    expect(classify(DeepSeek.dialect, status, body)).toBe(reason)
  })
})
