/** Values from a chain whose first vendor is down and whose second one has no schemas and misbehaves in ten ways. */
import { MockServer, Vendors } from "@understudy/mocks"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { expect, it } from "vitest"
import * as ChatModel from "../src/ChatModel.ts"
import * as Prompt from "../src/Prompt.ts"
import * as StructuredOutput from "../src/StructuredOutput.ts"
import { random } from "./support/random.ts"

const Cities = Schema.Array(Schema.Struct({ city: Schema.NonEmptyString, inhabitants: Schema.Int }))

const items = [
  { city: "杭州", inhabitants: 12 },
  { city: 'the "Venice" of {China}', inhabitants: 1 }
]
const good = JSON.stringify({ value: items })

const misbehaviours: Readonly<Record<string, string>> = {
  fences: `\`\`\`json\n${good}\n\`\`\``,
  prose: `Sure! As [1] says, these are the cities: ${good}. Is there {anything} else?`,
  "think tags": `<think>A list like {"value": []}, perhaps?</think>\n\n${good}`,
  "trailing comma": good.replace("}]}", "},]}"),
  "wrong type": good.replace("12", '"twelve"'),
  "missing field": good.replace(',"inhabitants":12', ""),
  truncated: good.replace("杭州", "a very long name ".repeat(100)),
  empty: " ",
  "array instead of wrapped": JSON.stringify(items),
  "doubly encoded": JSON.stringify(good)
}
const ways = Object.keys(misbehaviours)

it("an entity is valid in 100 of 100 runs, whatever the model does wrong before it does right", async () => {
  const asked = new Map<string, number>()
  const seen = new Set<string>()
  const vendors = Vendors.make({
    keys: { "sk-demo-qwen-1": { vendor: "qwen" }, "sk-demo-deepseek-1": { vendor: "deepseek" } },
    faults: [{ vendor: "qwen", kind: "overload.fast" }],
    replies: ({ messages }) => {
      const run = /Run (\d+)/.exec(messages.map(({ text }) => text).join("\n"))?.[1] ?? ""
      const answers = asked.get(run) ?? 0
      asked.set(run, answers + 1)
      const way = ways[random(Number(run) * 3 + answers)(ways.length)] ?? ""
      if (answers < 2) seen.add(way)
      return { content: answers < 2 ? (misbehaviours[way] ?? "") : good }
    }
  })
  const server = await MockServer.listen(vendors)
  const layer = ChatModel.layerUnderstudy(
    {
      version: 1,
      providers: {
        qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen-1"] },
        deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek-1"] }
      },
      routes: [
        {
          name: "cities",
          match: { model: { prefix: "qwen-" } },
          targets: [{ provider: "qwen" }],
          fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
        }
      ]
    },
    { model: "qwen-plus", maxTokens: 120 }
  )
  const run = (number: number) =>
    StructuredOutput.entity(ChatModel.stream, Prompt.make(`Run ${number}: which cities?`), Cities)
  const runs = Effect.forEach(
    Array.from({ length: 100 }, (_, number) => number),
    run,
    { concurrency: 10 }
  )
  const entities = await Effect.runPromise(Effect.provide(runs, layer))
  await server.close()
  expect([...seen].sort()).toEqual([...ways].sort())
  for (const { response, value, way } of entities) {
    expect(value).toEqual(items)
    expect(way).toBe("instructed")
    expect(response.metadata.provider).toBe("deepseek")
  }
  expect(entities.some(({ repairs }) => repairs === 2)).toBe(true)
})
