/**
 * @understudy/langchain: Understudy as a LangChain chat model.
 *
 * **Example** (`understudy.yaml` in the current folder)
 *
 * ```ts
 * import { StringOutputParser } from "@langchain/core/output_parsers"
 * import { ChatPromptTemplate } from "@langchain/core/prompts"
 * import { ChatUnderstudy } from "@understudy/langchain"
 *
 * const model = new ChatUnderstudy({ model: "qwen-plus", temperature: 0 })
 * const chain = ChatPromptTemplate.fromTemplate("Tell me a joke about {topic}").pipe(model).pipe(new StringOutputParser())
 * console.log(await chain.invoke({ topic: "cats" }))
 * await model.close()
 * ```
 */
export { ChatUnderstudy, type ChatUnderstudyCallOptions, type ChatUnderstudyFields } from "./ChatUnderstudy.ts"
