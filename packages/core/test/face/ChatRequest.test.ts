import { expect, it } from "vitest"
import * as ChatRequest from "../../src/internal/face/ChatRequest.ts"
import * as JsonPosition from "../../src/internal/face/JsonPosition.ts"

it.each([
  ["", "The request body is empty", null, "invalid_json"],
  ["  \n ", "The request body is empty", null, "invalid_json"],
  ["hello", 'unexpected "h" at position 0 (line 1, column 1)', null, "invalid_json"],
  ['{"model":"m",}', 'unexpected "}" at position 13', null, "invalid_json"],
  ['{"model":"m"', "unexpected end of the body at position 12", null, "invalid_json"],
  ["{'model':1}", 'unexpected "\'" at position 1', null, "invalid_json"],
  ['{\n  "model": m\n}', 'unexpected "m" at position 13 (line 2, column 12)', null, "invalid_json"],
  ["[]", "must be a JSON object with `model` and `messages`, not an array", null, "invalid_type"],
  ['"text"', "not a string", null, "invalid_type"],
  ["null", "not null", null, "invalid_type"],
  ["{}", "`model` is missing", "model", "missing_required_parameter"],
  ['{"model":7}', "`model` must be a string, not a number", "model", "invalid_type"],
  ['{"model":""}', "`model` is empty", "model", "invalid_value"],
  [`{"model":"${"m".repeat(257)}"}`, "`model` has 257 characters", "model", "invalid_value"],
  ['{"model":"m"}', "`messages` is missing", "messages", "missing_required_parameter"],
  ['{"model":"m","messages":"Hi"}', "`messages` must be an array, not a string", "messages", "invalid_type"],
  ['{"model":"m","messages":[]}', "`messages` is empty", "messages", "empty_array"],
  ['{"model":"m","messages":["Hi"]}', "`messages[0]` must be an object", "messages[0]", "invalid_type"],
  [
    '{"model":"m","messages":[{"content":"Hi"}]}',
    "`messages[0].role` is missing",
    "messages[0].role",
    "missing_required_parameter"
  ],
  [
    '{"model":"m","messages":[{"role":"user"},{"role":1}]}',
    "`messages[1].role` must be a string",
    "messages[1].role",
    "invalid_type"
  ],
  [
    '{"model":"m","messages":[{"role":"user"}],"stream":"yes"}',
    "`stream` must be true or false, not a string",
    "stream",
    "invalid_type"
  ],
  [
    '{"model":"m","messages":[{"role":"user"}],"stream_options":[]}',
    "`stream_options` must be an object, not an array",
    "stream_options",
    "invalid_type"
  ]
])("says what is wrong with %j", (text, message, param, code) => {
  const { problem } = ChatRequest.parse(text)
  expect(problem).toMatchObject({ status: 400, type: "invalid_request_error", param, code })
  expect(problem?.message).toContain(message)
})

it("takes what it does not know", () => {
  const text = '{"model":"m","messages":[{"role":"user","partial":true}],"enable_thinking":false,"stream":null}'
  expect(ChatRequest.parse(text).request).toEqual(JSON.parse(text))
})

it.each([
  ["[1, 2,, 3]", 6],
  ['{"a" 1}', 5],
  ['{"a":1 "b":2}', 7],
  ['["\\x"]', 3],
  ['["a\nb"]', 3],
  ["[1] 2", 4],
  ["]", 0],
  ['{"a":[}', 6],
  ["{1:2}", 1],
  ['["open', 6],
  ["tru", 0],
  ["[".repeat(100_000), 100_000]
])("finds the fault in %.20j", (text, position) => {
  expect(JsonPosition.firstFault(text)).toBe(position)
})

it("agrees with JSON.parse about where a broken text breaks", () => {
  const whole = '{"model":"m","messages":[{"role":"user","content":"a\\"b"}],"n":1.5e3,"x":[true,null,{}]}'
  for (let at = 0; at < whole.length; at++) {
    for (const broken of [whole.slice(0, at), `${whole.slice(0, at)}?${whole.slice(at + 1)}`]) {
      let message = ""
      try {
        JSON.parse(broken)
      } catch (error) {
        message = String(error)
      }
      const [, place] =
        /^SyntaxError: (?:Expected|Unterminated string|Unexpected non).* at position (\d+)/.exec(message) ?? []
      if (place !== undefined) expect([broken, JsonPosition.firstFault(broken)]).toEqual([broken, Number(place)])
    }
  }
})
