/**
 * @understudy/langchain: Understudy as a LangChain chat model.
 *
 * **Example** (`understudy.yaml` in the current folder)
 *
 * ```ts
 * import { StringOutputParser } from "@langchain/core/output_parsers"
 * import { ChatUnderstudy } from "@understudy/langchain"
 *
 * const model = new ChatUnderstudy({ model: "qwen-plus", temperature: 0 })
 * console.log(await model.pipe(new StringOutputParser()).invoke("Tell me a joke"))
 * await model.close()
 * ```
 */
export { ChatUnderstudy, type ChatUnderstudyCallOptions, type ChatUnderstudyFields } from "./ChatUnderstudy.ts"
