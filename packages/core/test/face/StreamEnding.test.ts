import { expect, it } from "vitest"
import { StreamEnding } from "../../src/internal/face/StreamEnding.ts"
import type { ChatCompletionChunk } from "../../src/wire/ChatCompletion.ts"

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, prompt_cache_hit_tokens: 1 }
const outer = { id: "c1", object: "chat.completion.chunk", created: 7, model: "m", system_fingerprint: "fp" }
const choice = (content: string, finish_reason: string | null = null) => ({
  index: 0,
  delta: { content },
  finish_reason
})

const batch = (...chunks: ReadonlyArray<ChatCompletionChunk>) => ({
  chunks,
  bytes: Buffer.from(chunks.map((chunk) => `data:  ${JSON.stringify(chunk)}\n\n`).join(""))
})

const chunksOf = (text: string): ReadonlyArray<unknown> =>
  text
    .split("\n\n")
    .filter((event) => event !== "" && event !== "data: [DONE]")
    .map((event) => JSON.parse(event.slice(5)))

const asking = { stream_options: { include_usage: true } }

it("hands everything that is in order on as the bytes that came", () => {
  const ending = new StreamEnding(asking)
  const all = [
    batch({ ...outer, choices: [choice("Hi")], usage: null }, { ...outer, choices: [choice("", "stop")] }),
    batch({ ...outer, choices: [], usage })
  ]
  for (const each of all) expect(ending.take(each)).toBe(each.bytes)
  expect(ending.end(usage)).toBe("data: [DONE]\n\n")
})

it("puts usage that stands beside a finish into a chunk of its own where it was asked for", () => {
  const ending = new StreamEnding(asking)
  const taken = ending.take(
    batch({ ...outer, choices: [choice("Hi")] }, { ...outer, choices: [choice("", "stop")], usage })
  )
  expect(chunksOf(taken.toString())).toEqual([
    { ...outer, choices: [choice("Hi")] },
    { ...outer, choices: [choice("", "stop")], usage: null }
  ])
  const end = ending.end(usage)
  expect(chunksOf(end)).toEqual([{ ...outer, choices: [], usage }])
  expect(end).toMatch(/\n\ndata: \[DONE\]\n\n$/)
})

it("leaves it out where it was not asked for, and adds no chunk without choices", () => {
  for (const request of [{}, { stream_options: null }, { stream_options: { include_usage: false } }]) {
    const ending = new StreamEnding(request)
    const taken = ending.take(batch({ ...outer, choices: [choice("", "stop")], usage }))
    expect(chunksOf(taken.toString())).toEqual([{ ...outer, choices: [choice("", "stop")] }])
    expect(ending.end(usage)).toBe("data: [DONE]\n\n")
  }
})

it("tells the usage of a vendor that counts on every chunk once, at the end", () => {
  const ending = new StreamEnding(asking)
  const first = ending.take(batch({ ...outer, choices: [choice("Hi")], usage: { ...usage, completion_tokens: 1 } }))
  const second = ending.take(batch({ ...outer, choices: [choice("", "stop")], usage }))
  expect(`${first}${second}`).not.toContain("prompt_tokens")
  expect(chunksOf(ending.end(usage))).toEqual([{ ...outer, choices: [], usage }])
})

it("does not tell twice what the vendor tells by itself in the end", () => {
  const ending = new StreamEnding(asking)
  ending.take(batch({ ...outer, choices: [choice("", "stop")], usage }))
  const alone = batch({ ...outer, choices: [], usage })
  expect(ending.take(alone)).toBe(alone.bytes)
  expect(ending.end(usage)).toBe("data: [DONE]\n\n")
})

it("tells usage that stood elsewhere, and none where there was none", () => {
  const ending = new StreamEnding(asking)
  ending.take(batch({ ...outer, choices: [choice("Hi", "stop")], x_groq: { usage } }))
  expect(chunksOf(ending.end(usage))).toEqual([{ ...outer, choices: [], usage }])
  expect(new StreamEnding(asking).end(undefined)).toBe("data: [DONE]\n\n")
})

it("keeps usage that comes before the finish for the end, where it was asked for", () => {
  for (const rest of [[{ ...outer, choices: [choice("", "stop")] }], []]) {
    const ending = new StreamEnding(asking)
    const taken = [
      ending.take(batch({ ...outer, choices: [choice("Hi")] }, { ...outer, choices: [], usage }, ...rest)),
      ...(rest.length > 0 ? [] : [ending.take(batch({ ...outer, choices: [choice("", "stop")] }))])
    ]
    expect(chunksOf(taken.join(""))).toEqual([
      { ...outer, choices: [choice("Hi")] },
      { ...outer, choices: [choice("", "stop")] }
    ])
    expect(chunksOf(ending.end(usage))).toEqual([{ ...outer, choices: [], usage }])
  }
})
