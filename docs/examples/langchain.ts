/**
 * A chain of LangChain over Understudy: Qwen's key is wrong, so DeepSeek answers, whole and streamed.
 */
import { StringOutputParser } from "@langchain/core/output_parsers"
import { ChatPromptTemplate } from "@langchain/core/prompts"
import { ChatUnderstudy } from "@understudy/langchain"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const vendors = Vendors.make({ keys: { "sk-demo-deepseek": { vendor: "deepseek" } } })
  const server = await MockServer.listen(vendors)
  const model = new ChatUnderstudy({
    model: "qwen3.8-flash",
    config: {
      version: 1,
      providers: {
        qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-wrong"] },
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

  const prompt = ChatPromptTemplate.fromTemplate("{question}")
  const { response_metadata, text } = await prompt.pipe(model).invoke({ question: "你是谁？" })
  const chain = prompt.pipe(model).pipe(new StringOutputParser())
  let streamed = ""
  for await (const delta of await chain.stream({ question: "你是谁？" })) streamed += delta

  await model.close()
  await server.close()
  return [`${response_metadata["model_name"]}: ${text}`, `streamed: ${streamed}`]
}
