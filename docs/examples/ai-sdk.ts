/**
 * The AI SDK over Understudy: a tool is called by Qwen and answered by DeepSeek, because Qwen fails between the two steps.
 */
import { createUnderstudy } from "@understudy/ai-sdk"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { generateText, stepCountIs, streamText, tool } from "ai"
import { z } from "zod"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const vendors = Vendors.make({
    seed: 7,
    keys: { "sk-demo-qwen": { vendor: "qwen" }, "sk-demo-deepseek": { vendor: "deepseek" } }
  })
  const server = await MockServer.listen(vendors)
  const understudy = createUnderstudy({
    config: {
      version: 1,
      providers: {
        qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen"] },
        deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] }
      },
      routes: [
        {
          name: "aliyun",
          match: { model: { prefix: "qwen" } },
          targets: [{ provider: "qwen" }],
          fallback: [{ provider: "deepseek", model: "deepseek-flash" }]
        }
      ]
    }
  })

  const weather = tool({
    description: "The weather in a city",
    inputSchema: z.object({ city: z.string() }),
    execute: () => {
      vendors.addFault({ vendor: "qwen", kind: "overload.fast" })
      return { celsius: 21 }
    }
  })
  const { steps } = await generateText({
    model: understudy("qwen-plus"),
    prompt: "What is the weather in Hangzhou?",
    tools: { weather },
    prepareStep: ({ stepNumber }) => ({ toolChoice: stepNumber === 0 ? "required" : "none" }),
    stopWhen: stepCountIs(2)
  })
  vendors.clearFaults()
  let streamed = ""
  for await (const text of streamText({ model: understudy("qwen3.8-flash"), prompt: "你是谁？" }).textStream)
    streamed += text

  await understudy.close()
  await server.close()
  return [...steps.map(({ finishReason, response }) => `${response.modelId}: ${finishReason}`), `streamed: ${streamed}`]
}
