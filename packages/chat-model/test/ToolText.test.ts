/** What becomes of the values that tools give and throw, as a model reads it. */
import { describe, expect, it } from "vitest"
import * as Message from "../src/Message.ts"
import * as PromiseChatClient from "../src/PromiseChatClient.ts"
import * as TestChatModel from "../src/TestChatModel.ts"
import * as Tool from "../src/Tool.ts"

class Point {
  readonly #x = 1
  get x(): number {
    return this.#x
  }
}
class Sealed {
  readonly secret = undefined
}
const self: Record<string, unknown> = { a: 1 }
self["self"] = self
const map = new Map<unknown, unknown>([["a", self]])
map.set("map", map)
const shared = { a: 1 }

describe("a tool's result", () => {
  it.each<[string, unknown, string]>([
    ["a text", "21", "21"],
    ["an empty text", "", ""],
    ["a number", 21, "21"],
    ["null", null, "null"],
    ["nothing", undefined, "The tool gave no result."],
    ["data", { a: [1, null, { b: "c" }] }, '{"a":[1,null,{"b":"c"}]}'],
    ["a list with nothing in it", [undefined], "[null]"],
    ["an Error", new TypeError("boom"), "boom"],
    ["an Error without a message", new TypeError(), "TypeError"],
    ["an Error inside", { status: "rejected", reason: new Error("boom") }, '{"status":"rejected","reason":"boom"}'],
    ["an Error with causes", new Error("a", { cause: new Error("b", { cause: "c" }) }), "a: b: c"],
    ["several Errors", new AggregateError([new Error("x"), "y"], "both"), "both: x; y"],
    ["a Map", new Map([["a", new Set([1])]]), '{"a":[1]}'],
    ["a Map with other keys", new Map([[1, "one"]]), '[[1,"one"]]'],
    ["Headers", new Headers({ a: "b" }), '{"a":"b"}'],
    ["a URL", new URL("https://a.test/b"), "https://a.test/b"],
    ["a pattern", /x+/g, "/x+/g"],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["a date that is none", { at: new Date(Number.NaN) }, '{"at":"Invalid Date"}'],
    ["NaN", { a: Number.NaN, b: -Infinity }, '{"a":"NaN","b":"-Infinity"}'],
    ["a bigint", 12345678901234567890n, "12345678901234567890"],
    ["a symbol", Symbol("x"), "Symbol(x)"],
    ["a function", { run: () => 1 }, '{"run":"(function run)"}'],
    ["bytes", Buffer.from("hello"), "5 bytes in base64: aGVsbG8="],
    ["bytes inside", { file: new Uint8Array([104, 105]) }, '{"file":"2 bytes in base64: aGk="}'],
    ["an object of a class with getters alone", new Point(), '(Point) {"x":1}'],
    ["an object of a class that shows nothing", new Sealed(), "{}"],
    ["a promise inside", [Promise.resolve(1)], '["(Promise)"]'],
    ["an object that contains itself", self, '{"a":1,"self":"(circular)"}'],
    ["a Map that contains itself", map, '{"a":{"a":1,"self":"(circular)"},"map":"(circular)"}'],
    ["an object that is there twice", [shared, shared], '[{"a":1},{"a":1}]'],
    ["an object that says its own JSON", { toJSON: () => ({ x: 1 }) }, '{"x":1}']
  ])("is told as it is: %s", (_, value, text) => {
    expect(Message.tool("1", value).content).toBe(text)
  })

  it("says of an HTTP response that it is one", () => {
    expect(Message.tool("1", new Response("x", { status: 404 })).content).toMatch(/^\(Response\) .*"status":404/)
  })
})

describe("what a tool throws", () => {
  const told = async (thrown: unknown): Promise<string> => {
    const chat = await TestChatModel.promise([{ toolCalls: [{ name: "pay" }] }, "done"])
    const pay = Tool.make({
      name: "pay",
      handler: () => {
        throw thrown
      }
    })
    await PromiseChatClient.make(chat, { tools: [pay] })
      .prompt("x")
      .call()
      .content()
    const content = Message.textOf(chat.prompts[1]!.messages.at(-1)!) ?? ""
    return (JSON.parse(content) as { error: string }).error.replace('"pay" failed: ', "")
  }

  it.each<[string, unknown, string]>([
    ["a text", "no", "no"],
    ["nothing", undefined, "it gave no reason (undefined)"],
    ["null", null, "null"],
    ["an empty text", "", "it gave no reason (an empty text)"],
    ["an object with a message", { message: "declined", headers: { authorization: "sk-demo" } }, "declined"],
    ["an object with a message and a code", { code: 402, message: "declined" }, "declined (402)"],
    ["an object with an error inside", { error: { message: "deep" } }, "deep"],
    ["an object", { why: "no money" }, '{"why":"no money"}'],
    ["an Error of a class of one's own", new (class Declined extends Error {})(), "Declined"],
    ["a Map", new Map([["why", "no money"]]), '{"why":"no money"}'],
    [
      "an Error that fetch throws",
      new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:1") }),
      "fetch failed: connect ECONNREFUSED 127.0.0.1:1"
    ]
  ])("is told in words: %s", async (_, thrown, words) => {
    expect(await told(thrown)).toBe(words)
  })

  it("is told as far as 4,000 characters, and also when it cannot be told", async () => {
    expect(await told(new Error("x".repeat(10_000)))).toBe(`${"x".repeat(4_000)}…`)
    const mute = {
      get message(): string {
        throw new Error("no")
      }
    }
    expect(await told(mute)).toBe("it failed with something that cannot be told")
    const loop = new Error("loop")
    loop.cause = loop
    expect(await told(loop)).toBe("loop")
  })
})
