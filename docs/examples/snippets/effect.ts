import { ChatModel } from "@understudy/chat-model"
import * as Effect from "effect/Effect"

const program = Effect.gen(function* () {
  const response = yield* ChatModel.call("你是谁？")
  return `${response.metadata.model}: ${response.text}`
})

const layer = ChatModel.layerYaml("understudy.yaml", { model: "qwen3.8-flash" })
console.log(await Effect.runPromise(program.pipe(Effect.provide(layer))))
