/** Objects that are read from a stream, as they are from a whole answer. */
import * as TestChatModel from "@understudy/chat-model/TestChatModel"
import { generateText, Output, streamText } from "ai"
import { expect, it } from "vitest"
import { z } from "zod"
import { createUnderstudy } from "../src/UnderstudyProvider.ts"

const Trip = z.object({ city: z.string(), days: z.number() })
const json = '{"city":"Hangzhou","days":3}'
const trip = { city: "Hangzhou", days: 3 }

const open = async (entry: TestChatModel.Entry) => {
  const chatModel = await TestChatModel.promise([entry], { repeatLast: true })
  return createUnderstudy({ chatModel })("qwen-plus")
}

const letters = (text: string) =>
  [
    { type: "text-start", id: "t" },
    ...[...text].map((delta) => ({ type: "text-delta", id: "t", delta })),
    { type: "text-end", id: "t" }
  ] as TestChatModel.Entry

it.each([
  ["as it should be", json],
  ["in a fence", `\`\`\`json\n${json}\n\`\`\``],
  ["with prose around it", `Here [1] it is: ${json}. Anything else?`],
  ["with prose and a fence", `Sure!\n\`\`\`\n${json}\n\`\`\`\nBye.`],
  ["behind thinking", `<think>{"city":"?"}</think>${json}`],
  ["with a comma too many", '{"city":"Hangzhou","days":3,}']
])("an object %s is read whole and streamed", async (_, text) => {
  const model = await open(letters(text))
  const ask = { model, prompt: "Where?", output: Output.object({ schema: Trip }) }
  expect((await generateText(ask)).output).toEqual(trip)
  const streamed = streamText({ ...ask, onError: () => undefined })
  const partials: Array<unknown> = []
  for await (const partial of streamed.partialOutputStream) partials.push(partial)
  expect(await streamed.output).toEqual(trip)
  expect(partials).toContainEqual({ city: "Hang" })
  expect(partials.at(-1)).toEqual(trip)
})

it("lists and choices are read from a fence, too", async () => {
  const list = streamText({
    model: await open(`\`\`\`json\n{"elements":[${json}]}\n\`\`\``),
    prompt: "Where?",
    output: Output.array({ element: Trip })
  })
  expect(await list.output).toEqual([trip])
  const choice = streamText({
    model: await open('```json\n{"result":"rain"}\n```'),
    prompt: "How?",
    output: Output.choice({ options: ["sun", "rain"] })
  })
  expect(await choice.output).toBe("rain")
  const any = streamText({ model: await open("```json\n[1, 2]\n```"), prompt: "Which?", output: Output.json() })
  expect(await any.output).toEqual([1, 2])
})

it("a text that was not to be JSON stays as it is", async () => {
  const text = `\`\`\`json\n${json}\n\`\`\``
  expect(await streamText({ model: await open(letters(text)), prompt: "Show it" }).text).toBe(text)
})

it("a refusal, thinking and calls pass beside the JSON", async () => {
  const refused = streamText({ model: await open({ refusal: "No." }), prompt: "Where?", output: Output.json() })
  expect(await refused.text).toBe("No.")
  const model = await open({
    reasoning: "Hm.",
    text: `It is ${json}`,
    toolCalls: [{ name: "weather", arguments: { city: "x" } }]
  })
  const { stream } = await model.doStream({
    prompt: [{ role: "user", content: [{ type: "text", text: "Where?" }] }],
    responseFormat: { type: "json" }
  })
  const types: Array<string> = []
  for await (const part of stream) types.push(part.type)
  expect(types.filter((type) => type.startsWith("text"))).toEqual(["text-start", "text-delta", "text-end"])
  expect(types.slice(-2)).toEqual(["text-end", "finish"])
  expect(types).toEqual(expect.arrayContaining(["reasoning-delta", "tool-call"]))
})

it("an answer that holds no JSON is told as it is", async () => {
  const streamed = streamText({
    model: await open("I cannot."),
    prompt: "Where?",
    output: Output.object({ schema: Trip }),
    onError: () => undefined
  })
  await expect(streamed.output).rejects.toThrow()
  expect(await streamed.text).toBe("I cannot.")
})
