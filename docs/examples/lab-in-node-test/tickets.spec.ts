/**
 * The lab in node:test, for a service on the AI SDK: the outage as it is felt, and the same outage with a fallback.
 *
 * ```bash
 * node --test tickets.spec.ts
 * ```
 */
import { test } from "node:test"
import { createOpenAICompatible } from "@ai-sdk/openai-compatible"
import { createUnderstudy } from "@understudy/ai-sdk"
import { assertAnswersWithin, assertAvailability, assertFinding, assertResilient } from "@understudy/lab/assert"
import * as Lab from "@understudy/lab/Lab"
import * as Client from "@understudy/lab/run/Client"
import { generateText, type LanguageModel } from "ai"

/** The service, as the lab calls it. */
const answers =
  (toModel: (name: string) => LanguageModel): Client.Answer =>
  async ({ messages, model }, { signal }) => {
    const ticket = messages.at(-1)?.content
    const prompt = typeof ticket === "string" ? ticket : ""
    const { text } = await generateText({ model: toModel(model), prompt, abortSignal: signal })
    return { text }
  }

const alone = Client.make("tickets, by Qwen alone", ({ qwen }) =>
  answers(createOpenAICompatible({ name: "qwen", baseURL: qwen.baseUrl, apiKey: qwen.keys[0] ?? "" }))
)

const mended = Client.make("tickets, with a fallback", ({ config }) => {
  const understudy = createUnderstudy({ config })
  return { answer: answers(understudy), close: understudy.close }
})

test("tickets are lost while Qwen is down and nobody else is asked", async () => {
  const judged = await Lab.run("server.error@qwen", { client: alone, runner: "network" })
  assertFinding(judged, "failed-while-healthy")
})

test("nobody notices with a fallback", async () => {
  const judged = await Lab.run("server.error@qwen", { client: mended, runner: "network" })
  assertResilient(judged)
  assertAvailability(judged, 1)
  assertAnswersWithin(judged, "5s")
})
