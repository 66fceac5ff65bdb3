/** What takes the short way, as plain, is what the long way would have left as it is. */
import { expect, it } from "vitest"
import * as AnswerReader from "../../src/internal/exchange/AnswerReader.ts"
import * as ErrorBody from "../../src/internal/provider/ErrorBody.ts"
import * as Lowering from "../../src/internal/provider/Lowering.ts"
import * as Provider from "../../src/provider/Provider.ts"
import { vendors } from "../../src/provider/Vendors.ts"
import { type Luck, luckOf } from "../luck.ts"

type Fields = Record<string, unknown>

const names = ["message", "code", "text", "content", "type", "error", "index", "usage", "data"]

const odd = (luck: Luck, depth = 0): unknown => {
  const value = luck.pick([null, true, false, 0, -1, 1.5, "", "x", "stop", "null", "list", "object"])
  if (value === "list") return depth > 2 ? [] : [odd(luck, depth + 1)]
  return value === "object" && depth < 3 ? { [luck.pick(names)]: odd(luck, depth + 1) } : value
}

/** The fields, with a few of the named ones set to anything. */
const bent = (luck: Luck, fields: Fields, some: ReadonlyArray<string>): Fields => {
  const made = { ...fields }
  while (luck.next(3) === 0) made[luck.pick(some)] = odd(luck)
  return made
}

const ofBody = ["error", "base_resp", "usage", "code", "message", "detail", "status", "object", "type", "data", "id"]
const ofChoice = ["error", "usage", "index", "delta", "message", "finish_reason", "logprobs", "text"]
const ofMessage = ["content", "role", "tool_calls", "refusal", "reasoning", "function_call", "audio", "annotations"]

const toAnswer = (luck: Luck): Fields => {
  const message = bent(luck, { role: "assistant", content: "hi" }, ofMessage)
  const choice = bent(luck, { index: 0, message, finish_reason: "stop" }, ofChoice)
  return bent(luck, { id: "1", choices: [choice], usage: { total_tokens: 1 } }, ofBody)
}

it("an answer: no error, no flaw, nothing to mend, in 20,000 of which most are plain", () => {
  const luck = luckOf(1)
  const { flawOf, isPlain, mend } = AnswerReader.chat
  let count = 0
  for (let run = 0; run < 20_000; run++) {
    const body = toAnswer(luck)
    if (isPlain?.(body) !== true) continue
    count++
    const judged = { error: ErrorBody.within(body), flaw: flawOf(body), isSame: mend(body) === body }
    expect(judged, JSON.stringify(body)).toEqual({ error: undefined, flaw: undefined, isSame: true })
  }
  expect(count).toBeGreaterThan(10_000)
})

const roles = ["system", "user", "assistant", "developer", "tool"]
const ofRequest = [
  "n",
  "user",
  "seed",
  "stop",
  "temperature",
  "top_p",
  "max_tokens",
  "thinking",
  "tools",
  "response_format"
]
const models = ["deepseek-v4-pro", "qwen3-max", "qwq-32b", "qwen3.8-flash", "kimi-k3", "glm-5.3", "x"]

it("a request: what its vendor would be sent all the same, whoever it is", () => {
  const luck = luckOf(2)
  const key = { id: "k", name: "k", account: "k", weight: 1, value: undefined } as never
  for (let run = 0; run < 10_000; run++) {
    const message = bent(luck, { role: luck.pick(roles), content: luck.pick(["hi", "", null]) }, [
      "name",
      "prefix",
      "partial"
    ])
    const format = luck.maybe(() => ({ response_format: { type: luck.pick(["json_object", "json_schema", "text"]) } }))
    const own = { model: luck.pick(models), messages: [message], ...format }
    const request = bent(luck, own, ofRequest) as never
    for (const [name, { dialect }] of Object.entries(vendors)) {
      const provider = { name, dialect, base: { origin: "", path: "", query: "" }, aliases: {} } as never
      const { body } = Provider.toChatRequest(provider, key, { request }, own.model, false)
      expect(JSON.parse(String(body)), name).toEqual(JSON.parse(JSON.stringify(Lowering.lower(provider, request))))
    }
  }
})
