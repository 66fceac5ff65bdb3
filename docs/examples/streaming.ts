/**
 * Streams and the commit gate. Before the first content a failure is invisible: the next target answers. After it nothing is
 * replayed: the stream fails and says so.
 */
import { ChatModelError, PromiseChatModel } from "@understudy/chat-model/promise"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const vendors = Vendors.make({
    keys: { "sk-demo-qwen": { vendor: "qwen" }, "sk-demo-deepseek": { vendor: "deepseek" } },
    // Qwen answers the first call with nothing, twice; its second answer breaks off in the middle of its text.
    faults: [
      { vendor: "qwen", kind: "empty.200", times: 2 },
      { vendor: "qwen", kind: "cut.midstream", skip: 2, times: 1, afterChunks: 11 }
    ]
  })
  const server = await MockServer.listen(vendors)
  const chat = await PromiseChatModel.fromOptions(
    {
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
    },
    { model: "qwen3.8-flash" }
  )
  const lines: Array<string> = []

  for (const question of ["the first", "the second"]) {
    let text = ""
    try {
      for await (const part of chat.stream("你是谁？")) {
        if (part.type === "response-metadata")
          lines.push(`${question} stream: ${part.model} answers, attempts ${part.trail.length}`)
        if (part.type === "text-delta") text += part.delta
        if (part.type === "finish") lines.push(`${text} (${part.finishReason.unified})`)
      }
    } catch (error) {
      if (!(error instanceof ChatModelError.ChatModelError)) throw error
      lines.push(`${text} … ${error.reason._tag}`)
    }
  }

  await chat.close()
  await server.close()
  return lines
}
