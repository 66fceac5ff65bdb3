/**
 * Several models by name over one engine: the compiler knows the names, and what one learns of a vendor they all know.
 */
import { PromiseChatModels } from "@understudy/chat-model/promise"
import * as Setting from "./Setting.ts"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  await using setting = await Setting.open()
  const { config } = setting

  await using models = await PromiseChatModels.fromOptions({
    ...config,
    models: {
      planner: { model: "qwen-plus", options: { temperature: 0 } },
      critic: { model: "deepseek-flash" }
    }
  })
  const plan = await models.get("planner").call("Plan a day in Hangzhou")
  const review = await models.get("critic").call(`What is wrong with this plan? ${plan.text}`)

  return [`planner: ${plan.metadata.model}`, `critic: ${review.metadata.model}`]
}
