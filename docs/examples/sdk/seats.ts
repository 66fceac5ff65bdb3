/**
 * One engine under five frameworks: the `openai` client, the AI SDK, LangChain, NestJS and Effect's `LanguageModel`.
 */
import { NestFactory } from "@nestjs/core"
import { createUnderstudy } from "@understudy/ai-sdk"
import { ChatModel, type PromiseChatModel, PromiseUnderstudy } from "@understudy/chat-model"
import { UnderstudyLanguageModel } from "@understudy/effect-ai"
import { ChatUnderstudy } from "@understudy/langchain"
import { getChatModelToken, UnderstudyModule } from "@understudy/nestjs"
import { generateText } from "ai"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import OpenAI from "openai"
import * as Setting from "./Setting.ts"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  // Qwen's account is in arrears: DeepSeek answers.
  await using setting = await Setting.open({ faults: [{ vendor: "qwen", kind: "billing.exhausted" }] })
  const { config } = setting
  const lines: Array<string> = []

  await using understudy = await PromiseUnderstudy.fromOptions(config, { model: "qwen3.8-flash" })
  {
    const client = understudy.openai(OpenAI)
    const messages = [{ role: "user" as const, content: "你是谁？" }]
    const completion = await client.chat.completions.create({ model: "qwen3.8-flash", messages })
    lines.push(`openai: ${completion.model}`)
  }
  {
    const provider = createUnderstudy(understudy)
    const { response } = await generateText({ model: provider("qwen3.8-flash"), prompt: "你是谁？" })
    lines.push(`ai-sdk: ${response.modelId}`)
  }
  {
    const model = new ChatUnderstudy({ chatModel: understudy.chatModel })
    const { response_metadata } = await model.invoke("你是谁？")
    lines.push(`langchain: ${response_metadata["model_name"]}`)
  }
  {
    const module = UnderstudyModule.forRoot({ config, options: { model: "qwen3.8-flash" } })
    const app = await NestFactory.createApplicationContext(module, { logger: false })
    const chatModel = app.get<PromiseChatModel.PromiseChatModel>(getChatModelToken())
    lines.push(`nestjs: ${(await chatModel.call("你是谁？")).metadata.model}`)
    await app.close()
  }
  {
    const model = ChatModel.layerUnderstudy(config, { model: "qwen3.8-flash" })
    const layer = UnderstudyLanguageModel.layer().pipe(Layer.provide(model))
    const asked = LanguageModel.generateText({ prompt: "你是谁？" })
    const { content } = await Effect.runPromise(Effect.provide(asked, layer))
    lines.push(`effect: ${content.map((part) => (part.type === "response-metadata" ? part.modelId : "")).join("")}`)
  }
  return lines
}
