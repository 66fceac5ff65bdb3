import { PromiseChatModel } from "@understudy/chat-model/promise"

const chat = await PromiseChatModel.fromYaml("understudy.yaml", { model: "qwen3.8-flash" })

const response = await chat.call("你是谁？")
console.log(response.text, response.metadata.model, response.metadata.attempts)

for await (const part of chat.stream("你是谁？")) {
  if (part.type === "text-delta") process.stdout.write(part.delta)
}
await chat.close()
