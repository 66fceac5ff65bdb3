/** What is read by comparing is what `JSON.parse` makes of it. */
import { describe, expect, it } from "vitest"
import { DeltaTemplate } from "../../src/internal/wire/DeltaTemplate.ts"
import type { ChatCompletionChunk } from "../../src/wire/ChatCompletion.ts"

const parse = (data: string): ChatCompletionChunk => JSON.parse(data)

const frame = (content: string, rest: object = {}): string =>
  JSON.stringify({
    id: "a",
    choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }],
    usage: null,
    ...rest
  })

const learnt = (data: string): DeltaTemplate => {
  const template = new DeltaTemplate()
  template.learn(data, parse(data))
  return template
}

const texts = [
  "one",
  "",
  " ",
  "你好",
  "a text that is longer than most",
  "当一个供应商失败时，由下一个接着回答。",
  'a "quoted" word',
  "\\",
  "\n\n",
  "\u0000",
  "\u2028",
  "😀",
  '"},"finish_reason":"stop"}',
  '","role":"assistant'
]

describe("a template of frames", () => {
  it.each(texts)("reads the text %j as JSON does", (text) => {
    for (const first of ["Hi", ...texts.filter((each) => each !== "")]) {
      const data = frame(text)
      expect(learnt(frame(first)).read(data)).toEqual({ chunk: parse(data), choice: parse(data).choices?.[0], text })
    }
  })

  it("reads reasoning", () => {
    const of = (text: string) =>
      `{"choices": [{"delta": {"content": null, "reasoning_content": ${JSON.stringify(text)}}}]}`
    expect(learnt(of("so")).read(of("then"))?.chunk).toEqual(parse(of("then")))
  })

  it("is not learnt from a frame with a role, which is said once", () => {
    const of = (content: string) => JSON.stringify({ choices: [{ delta: { role: "assistant", content } }] })
    expect(learnt(of("so")).read(of("then"))).toBeUndefined()
  })

  it("gives each chunk objects of its own", () => {
    const template = learnt(frame("a"))
    const [first, second] = [template.read(frame("b"))?.chunk, template.read(frame("c"))?.chunk]
    expect(first?.choices?.[0]?.delta).not.toBe(second?.choices?.[0]?.delta)
    expect(first).toEqual(parse(frame("b")))
  })

  it.each([
    ["another id", frame("a", { id: "b" })],
    ["a finish", frame("a").replace('"finish_reason":null', '"finish_reason":"stop"')],
    ["usage", frame("a", { usage: { total_tokens: 1 } })],
    ["an error beside it", frame("a", { error: { message: "no" } })],
    ["less", frame("a").slice(0, -1)],
    ["more", `${frame("a")}}`],
    ["two strings", frame("a").replace('"a"}', '"a" "b"}')],
    ["a broken escape", frame("a").replace('"a"}', '"\\x"}')],
    ["a control character", frame("a").replace('"a"}', '"\u0001"}')],
    ["nothing", ""]
  ])("leaves to JSON what has %s", (_, data) => {
    expect(learnt(frame("text")).read(data)).toBeUndefined()
  })

  it.each([
    ["two choices", '{"choices":[{"delta":{"content":"a"}},{"index":1,"delta":{"content":""}}]}'],
    ["the text twice", '{"choices":[{"delta":{"content":"a","content":"b"}}]}'],
    ["the text's name elsewhere", '{"note":{"content":"a"},"choices":[{"delta":{"content":"b"}}]}'],
    ["the text as a name", '{"choices":[{"delta":{"x\\"content":"a","content":"b"}}]}'],
    ["content of two kinds", '{"choices":[{"delta":{"content":"a","reasoning":"b"}}]}'],
    ["objects that chunks would share", '{"choices":[{"delta":{"content":"a"},"logprobs":{"content":[]}}]}']
  ])("does not learn from %s", (_, data) => {
    expect(learnt(data).read(data)).toBeUndefined()
  })

  it("learns anew when the frames change", () => {
    const template = learnt(frame("a"))
    template.learn(frame("a", { id: "b" }), parse(frame("a", { id: "b" })))
    expect(template.read(frame("b", { id: "b" }))?.text).toBe("b")
    expect(template.read(frame("b"))).toBeUndefined()
  })

  it("gives up on frames that all differ", () => {
    const template = new DeltaTemplate()
    for (let id = 0; id < 20; id++) template.learn(frame("a", { id: `${id}` }), parse(frame("a", { id: `${id}` })))
    expect(template.read(frame("b", { id: "19" }))).toBeUndefined()
  })
})
