import { ChatModelError, PromiseChatModel, Trail } from "@understudy/chat-model/promise"

const chat = await PromiseChatModel.fromYaml("understudy.yaml", { model: "qwen3.8-flash" })
try {
  console.log((await chat.call("你是谁？")).text)
} catch (error) {
  if (!(error instanceof ChatModelError.ChatModelError)) throw error
  console.error(error.reason._tag, error.isRetryable, error.retryAfter)
  for (const attempt of error.trail) {
    console.error(attempt.provider, attempt.model, Trail.outcomeOf(attempt), Trail.nextOf(attempt))
  }
}
await chat.close()
