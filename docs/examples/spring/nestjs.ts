/**
 * The article's Spring controller in NestJS: `GET /chat?input=...` answers with the model's text, `GET /chat/stream?input=...`
 * with events as it is written. A caller who leaves ends the request at the vendor.
 *
 * Decorators need a compiler that knows them (`experimentalDecorators`), here tsx:
 *
 * ```
 * DEEPSEEK_API_KEY=... DASHSCOPE_API_KEY=... npx tsx --conditions=source docs/examples/spring/nestjs.ts
 * curl -G http://127.0.0.1:3000/chat --data-urlencode 'input=你是谁？'
 * ```
 */
import { fileURLToPath } from "node:url"
import { Controller, Get, Module, Query, Sse, SseSignal } from "@nestjs/common"
import { NestFactory } from "@nestjs/core"
import { type PromiseChatModel, Prompt } from "@understudy/chat-model"
import { InjectChatModel, UnderstudyModule } from "@understudy/nestjs"
import { filter, from, map } from "rxjs"

@Controller()
class ChatModelController {
  readonly #chatModel: PromiseChatModel.PromiseChatModel

  constructor(@InjectChatModel() chatModel: PromiseChatModel.PromiseChatModel) {
    this.#chatModel = chatModel
  }

  @Get("/chat")
  async chat(@Query("input") input: string) {
    const response = await this.#chatModel.call(Prompt.make(input))
    return response.result.output.text
  }

  @Sse("/chat/stream")
  stream(@Query("input") input: string, @SseSignal() signal: AbortSignal) {
    return from(this.#chatModel.stream(Prompt.make(input), { signal })).pipe(
      filter((part) => part.type === "text-delta"),
      map(({ delta }) => ({ data: { delta } }))
    )
  }
}

const path = fileURLToPath(new URL("understudy.yaml", import.meta.url))

@Module({
  imports: [UnderstudyModule.forRoot({ path, options: { model: "deepseek-flash" } })],
  controllers: [ChatModelController]
})
class AppModule {}

/** Starts the service; configured by `understudy.yaml` and the environment. */
export const start = async (options: { readonly port?: number } = {}) => {
  const app = await NestFactory.create(AppModule, { logger: ["error", "warn"], forceCloseConnections: true })
  await app.listen(options.port ?? 3000, "127.0.0.1")
  return { url: await app.getUrl(), close: () => app.close() }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`listening on ${(await start()).url}`)
