/**
 * What a caller sees when nothing can answer: one error with a closed reason, whether asking again is worth it, and the
 * trail of everything that was tried.
 */
import { ChatModelError, PromiseChatModel, Trail } from "@understudy/chat-model/promise"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const vendors = Vendors.make({
    keys: {
      "sk-demo-qwen": { vendor: "qwen", state: "overloaded" },
      "sk-demo-deepseek": { vendor: "deepseek", state: "arrears" }
    }
  })
  const server = await MockServer.listen(vendors)
  const chat = await PromiseChatModel.fromOptions({
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
  })
  const lines: Array<string> = []
  const attempt = async (question: string, options: object): Promise<void> => {
    try {
      await chat.call({ messages: [{ role: "user", content: question }], options })
    } catch (error) {
      if (!(error instanceof ChatModelError.ChatModelError)) throw error
      lines.push(`${error.reason._tag}, retryable: ${error.isRetryable}`)
      for (const attempt of error.trail) {
        const status = attempt._tag === "Failed" ? ` (HTTP ${attempt.status})` : ""
        const next = Trail.nextOf(attempt).replace(/\d+ ms/, "… ms")
        lines.push(`  ${attempt.provider}/${attempt.model} ${Trail.outcomeOf(attempt)}${status}, then: ${next}`)
      }
    }
  }

  await attempt("你是谁？", { model: "qwen3.8-flash" })
  await attempt("你是谁？", { model: "gpt-4o" })
  await attempt("你是谁？", { model: "qwen3.8-flash", temperature: Number.NaN })

  await chat.close()
  await server.close()
  return lines
}
