/**
 * Thinking, and what else only one vendor has: switches with types, which a call takes to the vendor that they belong to and to
 * no other, and fields of the request for the rest.
 */
import { PromiseChatModel, Prompt } from "@understudy/chat-model/promise"
import * as Setting from "./Setting.ts"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const sent: Array<string> = []
  const known = ["thinking", "enable_thinking", "thinking_budget", "repetition_penalty"]
  await using setting = await Setting.open({
    replies: ({ model, raw }) => {
      sent.push(`${model} was told ${known.filter((name) => name in raw).join(", ")}`)
      return undefined
    }
  })
  const { config, vendors } = setting

  await using chat = await PromiseChatModel.fromOptions(config, {
    model: "qwen-plus",
    vendor: {
      qwen: { enableThinking: true, thinkingBudget: 500 },
      deepseek: { thinking: "enabled" }
    },
    extraBody: { repetition_penalty: 1.1 }
  })
  const thought = await chat.call("你是谁？")
  vendors.addFault({ vendor: "qwen", kind: "overload.fast" })
  const elsewhere = await chat.call("你是谁？")
  vendors.clearFaults()

  // Qwen's answers only as a stream: a call is answered all the same.
  const reasoner = await chat.call(Prompt.make("你是谁？", { model: "qwq-32b" }))

  return [
    ...sent.slice(0, 2),
    ...[thought, elsewhere, reasoner].map(
      ({ metadata, reasoning }) => `${metadata.model} thought: ${reasoning !== undefined}`
    )
  ]
}
