import { createHash } from "node:crypto"
import { expect, it } from "vitest"
import * as Consumers from "../src/internal/Consumers.ts"
import * as Glob from "../src/internal/Glob.ts"

const digest = (key: string): string => createHash("sha256").update(key).digest("hex")

const keys = (...values: ReadonlyArray<string>) =>
  values.map((value) => ({ hash: digest(value), name: undefined, expires: undefined }))

const rest = { routes: [], limits: { currency: "CNY" } }

const consumers = Consumers.make([
  { name: "app", keys: keys("app-key"), models: ["qwen-*"], ...rest },
  { name: "all", keys: keys("all-key", "all-key-2"), models: [], ...rest }
])

it.each([
  [{ authorization: "Bearer app-key" }, "app"],
  [{ authorization: "bearer  app-key " }, "app"],
  [{ "x-api-key": "all-key" }, "all"],
  [{ "api-key": "all-key-2" }, "all"],
  [{ authorization: "Bearer placeholder", "x-api-key": "app-key" }, "app"],
  [{ authorization: "Bearer placeholder", "api-key": "app-key" }, "app"],
  [{ "x-goog-api-key": "app-key", "api-key": "wrong" }, "app"]
])("knows the caller of %j", (headers, name) => {
  expect(consumers.identify(headers)).toMatchObject({ _tag: "Known", consumer: { name } })
})

it.each([
  [{}, false],
  [{ authorization: "Basic YXBwLWtleQ==" }, false],
  [{ authorization: "Bearer " }, false],
  [{ authorization: "Bearer wrong" }, true],
  [{ authorization: `Bearer ${digest("app-key")}` }, true],
  [{ "x-api-key": "wrong", authorization: "Bearer also-wrong" }, true]
])("does not know the caller of %j", (headers, sentKey) => {
  expect(consumers.identify(headers)).toEqual({
    _tag: "Unknown",
    hash: sentKey ? expect.stringMatching(/^[0-9a-f]{64}$/) : undefined
  })
})

it("takes everybody when nobody is configured", () => {
  expect(Consumers.make([]).identify({})).toEqual({ _tag: "Anyone" })
})

it.each([
  ["qwen-*", "qwen-turbo", true],
  ["qwen-*", "qwen-", true],
  ["qwen-*", "qwq-32b", false],
  ["*", "anything", true],
  ["qwen-turbo", "qwen-turbo", true],
  ["qwen-turbo", "qwen-turbo-latest", false],
  ["*-turbo", "qwen-turbo", true],
  ["a*b*c", "a-b-c", true],
  ["a*b*c", "acb", false],
  ["a*a", "a", false],
  ["a**c", "abc", true],
  ["*b*b*", "b", false]
])("pattern %s on %s: %s", (pattern, name, fits) => {
  expect(Glob.compile(pattern)(name)).toBe(fits)
})
