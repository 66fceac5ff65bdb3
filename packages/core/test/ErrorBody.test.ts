import { describe, expect, it } from "vitest"
import * as ErrorBody from "../src/internal/provider/ErrorBody.ts"
import * as Inspect from "../src/internal/wire/Inspect.ts"

const parsed = (body: unknown) => ErrorBody.parse(typeof body === "string" ? body : JSON.stringify(body))

describe("ErrorBody.parse", () => {
  it.each<[string, unknown, Partial<ErrorBody.ErrorBody>]>([
    ["plain text", "Authentication Fails (governor)", { message: "Authentication Fails (governor)" }],
    ["nothing", "", { message: "" }],
    ["a byte order mark", `\uFEFF${JSON.stringify({ error: { message: "m" } })}`, { message: "m" }],
    [
      "the usual envelope",
      { error: { message: "m", type: "t", param: "p", code: "c" } },
      { message: "m", type: "t", param: "p", code: "c" }
    ],
    [
      "an envelope with fields that are null",
      { error: { message: "m", type: null, code: null } },
      { message: "m", type: undefined, code: undefined }
    ],
    ["a bare string", '"Api key is invalid"', { message: "Api key is invalid" }],
    ["an error that is a string", { error: "no", code: "c" }, { message: "no", code: "c" }],
    ["a string beside a message", { error: "Bad Request", message: "m" }, { message: "m", type: "Bad Request" }],
    ["the native shape", { code: 20015, message: "m", data: null }, { message: "m", code: "20015" }],
    ["capitals", { Message: "m", __type: "ValidationException" }, { message: "m", type: "ValidationException" }],
    [
      "a list of errors",
      [{ error: { code: 400, message: "m", status: "INVALID_ARGUMENT" } }],
      { message: "m", code: "400", type: "INVALID_ARGUMENT", status: 400 }
    ],
    ["a list that begins with nothing", [null, {}, { message: "m" }], { message: "m" }],
    ["a detail", { detail: "Unauthorized" }, { message: "Unauthorized" }],
    [
      "details with places, without what was sent",
      { detail: [{ loc: ["body", "x", 0], msg: "bad", input: "secret" }, { msg: "worse" }] },
      { message: "body.x.0: bad; worse" }
    ],
    ["a list of problems", { success: false, errors: [{ code: 7000, message: "m" }] }, { message: "m", code: "7000" }],
    ["a status and a text", { base_resp: { status_code: 1008, status_msg: "m" } }, { message: "m", code: "1008" }],
    ["an error in an error", { error: { error: { message: "m", code: "c" } } }, { message: "m", code: "c" }],
    [
      "JSON in the message",
      { error: { message: '{"error":{"message":"m","code":"c"}}' } },
      { message: "m", code: "c" }
    ],
    [
      "a line of a stream in the message",
      { code: "InvalidParameter", message: 'data: {"error":{"message":"m"}}' },
      { message: "m", code: "InvalidParameter" }
    ],
    ["a line of a stream", 'data: {"error":{"message":"m"}}\n\n', { message: "m" }],
    [
      "an event of a stream",
      'id:1\r\nevent:error\r\n:HTTP_STATUS/429\r\ndata:{"code":"c","message":"m"}\r\n\r\n',
      { message: "m", code: "c" }
    ],
    ["an event in two lines", 'event: error\ndata: {"error":\ndata: {"message":"m"}}\n\n', { message: "m" }],
    [
      "an event behind others",
      'data: {"id":"1"}\n\ndata: {"error":{"message":"m"}}\n\ndata: [DONE]\n\n',
      { message: "m" }
    ],
    ["an event of plain text", "event: error\ndata: too busy\n\n", { message: "too busy" }],
    ["one JSON a line", '{"error":"m"}\n{"done":true}', { message: "m" }],
    ["a number for the message", { error: { message: 5 } }, { message: "5" }],
    ["a status as text", { error: { message: "m", http_code: "429" } }, { message: "m", status: 429 }],
    ["a status beside the error", { statusCode: 503, error: { message: "m" } }, { message: "m", status: 503 }],
    [
      "words of the vendor behind",
      { error: { message: "m", metadata: { raw: '{"error":"n"}', flagged_input: "prompt" } } },
      { message: "m", detail: '{"error":"n"}' }
    ]
  ])("reads %s", (_, body, expected) => {
    expect(parsed(body)).toMatchObject(expected)
  })

  it("never throws, whatever the shape and however deep", () => {
    const values: ReadonlyArray<unknown> = [
      null,
      true,
      false,
      0,
      5,
      -1,
      "",
      "x",
      "data: {",
      '{"error":',
      [],
      {},
      [[]],
      [null]
    ]
    const names = [
      "error",
      "message",
      "code",
      "detail",
      "errors",
      "base_resp",
      "metadata",
      "details",
      "loc",
      "type",
      "status"
    ]
    let bodies: ReadonlyArray<unknown> = values
    for (let depth = 0; depth < 2; depth++) {
      bodies = bodies.flatMap((value) => [
        value,
        [value],
        ...names.map((name) => ({ [name]: value })),
        { error: { message: value } }
      ])
    }
    const deep = `${'{"error":'.repeat(20_000)}1${"}".repeat(20_000)}`
    const list = "[".repeat(20_000) + "]".repeat(20_000)
    for (const body of [
      ...bodies.map((each) => JSON.stringify(each) ?? ""),
      deep,
      list,
      `{"error":${list}}`,
      "\u0000",
      "data:",
      "{\n{"
    ]) {
      expect(typeof ErrorBody.parse(body).message).toBe("string")
    }
    for (const body of [...bodies, JSON.parse(deep), JSON.parse(list), undefined]) {
      expect(["undefined", "object"]).toContain(typeof ErrorBody.within(body))
    }
  })
})

const answer = { choices: [{ index: 0, message: { content: "hi" }, finish_reason: "stop" }] }

describe("an error inside an answer", () => {
  it.each<[string, unknown]>([
    ["empty", { ...answer, error: "" }],
    ["null", { ...answer, error: null }],
    ["false", { ...answer, error: false }],
    ["an object without anything", { ...answer, error: {} }],
    ["a list without anything", { ...answer, error: [] }],
    ["an object that says nothing", { ...answer, error: { code: 0, message: "", type: null } }],
    ["a status of success", { ...answer, base_resp: { status_code: 0, status_msg: "" } }],
    ["a code beside an answer", { ...answer, code: 200, message: "success" }],
    ["a code of success", { code: 0, message: "ok" }],
    ["empty beside no answer", { error: "" }],
    ["none, but words", { id: "1", message: "working" }],
    ["none, but vectors", { object: "list", data: [{ embedding: [1] }], code: "c", message: "m" }],
    ["none, but usage", { usage: { total_tokens: 1 }, code: 1, message: "m" }],
    ["no object", "text"],
    ["a list of numbers", [1, 2]]
  ])("is not there when it is %s", (_, body) => {
    expect(Inspect.errorOf(body)).toBeUndefined()
    expect(ErrorBody.within(body)).toBeUndefined()
  })

  it.each<[string, unknown, string]>([
    ["a text", { ...answer, error: "broken" }, "broken"],
    ["an object", { error: { message: "broken" } }, "broken"],
    ["true beside a message", { error: true, message: "broken" }, "broken"],
    ["a list", [{ error: { code: 429, message: "broken" } }], "broken"],
    ["in a choice", { choices: [{ finish_reason: "error", error: { code: 502, message: "broken" } }] }, "broken"],
    ["the whole, by its code", { code: "Throttling", message: "broken", request_id: "r" }, "broken"],
    ["the whole, by its name", { object: "error", message: "broken" }, "broken"],
    ["the whole, by its type", { type: "error", message: "broken" }, "broken"],
    ["a status", { choices: null, base_resp: { status_code: 1002, status_msg: "broken" } }, "broken"],
    ["a detail", { detail: "broken" }, "broken"],
    ["a number without words", { error: 7 }, "7"]
  ])("is there when it is %s", (_, body, message) => {
    expect(ErrorBody.within(body)?.message).toBe(message)
  })
})
