/**
 * Texts as vectors, over the engine of a ChatModel.
 */
import { PromiseUnderstudy } from "@understudy/chat-model/promise"
import * as Setting from "./Setting.ts"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  await using setting = await Setting.open()
  const { config } = setting

  await using understudy = await PromiseUnderstudy.fromOptions(config, { model: "qwen3.8-flash" })
  const { embeddingModel } = understudy
  const texts = Array.from({ length: 25 }, (_, index) => `text ${index}`)
  const { metadata, vectors } = await embeddingModel.embedAll(texts, { model: "text-embedding-v4", dimensions: 256 })

  return [
    `${vectors.length} vectors of ${vectors[0]?.length} numbers from ${metadata.model}, ${metadata.attempts} requests`
  ]
}
