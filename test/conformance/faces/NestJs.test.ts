/** The contract over HTTP: a controller of a real application, asked with fetch. */
import { Controller, Get, type MessageEvent, Module, Query, Sse, SseSignal } from "@nestjs/common"
import { NestFactory } from "@nestjs/core"
import type { ChatPart } from "@understudy/chat-model/ChatPart"
import * as ChatResponse from "@understudy/chat-model/ChatResponse"
import type { PromiseChatModel } from "@understudy/chat-model/PromiseChatModel"
import { outcomeOf } from "@understudy/core/failure/Trail"
import { InjectChatModel } from "@understudy/nestjs/InjectChatModel"
import { UnderstudyModule } from "@understudy/nestjs/UnderstudyModule"
import { from, map, type Observable } from "rxjs"
import { type Answer, contract } from "./Contract.ts"

const toAnswer = ({ metadata, text }: ChatResponse.ChatResponse): Answer => ({
  text: text ?? "",
  model: metadata.model,
  outcomes: metadata.trail.map(outcomeOf)
})

@Controller("chat")
class ChatController {
  readonly #chatModel: PromiseChatModel

  constructor(@InjectChatModel() chatModel: PromiseChatModel) {
    this.#chatModel = chatModel
  }

  @Get()
  async chat(@Query("input") input: string): Promise<Answer> {
    return toAnswer(await this.#chatModel.call(input))
  }

  @Sse("stream")
  stream(@Query("input") input: string, @SseSignal() signal: AbortSignal): Observable<MessageEvent> {
    return from(this.#chatModel.stream(input, { signal })).pipe(map((data) => ({ data })))
  }
}

const toParts = (events: string): ReadonlyArray<ChatPart> =>
  [...events.matchAll(/^data: (.+)$/gm)].map(([, data = ""]) => JSON.parse(data))

contract("NestJS", async (config) => {
  @Module({
    imports: [UnderstudyModule.forRoot({ config, options: { model: "qwen-turbo" } })],
    controllers: [ChatController]
  })
  class AppModule {}

  const app = await NestFactory.create(AppModule, { logger: false })
  await app.listen(0, "127.0.0.1")
  const url = await app.getUrl()
  const ask = (path: string, input: string) => fetch(`${url}${path}?input=${encodeURIComponent(input)}`)
  return {
    call: async (input) => (await ask("/chat", input)).json() as Promise<Answer>,
    stream: async (input) => toAnswer(ChatResponse.fromParts(toParts(await (await ask("/chat/stream", input)).text()))),
    close: () => app.close()
  }
})
