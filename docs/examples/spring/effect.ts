/**
 * The article's Spring controller with Effect: `GET /chat?input=...` answers with the model's text,
 * `GET /chat/stream?input=...` with events as it is written. A caller who leaves ends the request at the vendor.
 *
 * ```
 * DEEPSEEK_API_KEY=... DASHSCOPE_API_KEY=... node --conditions=source docs/examples/spring/effect.ts
 * curl -G http://127.0.0.1:3000/chat --data-urlencode 'input=你是谁？'
 * ```
 */
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { ChatModel, Prompt } from "@understudy/chat-model"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"

const Query = Schema.Struct({ input: Schema.String })

const ChatModelController = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const chatModel = yield* ChatModel.ChatModel

    yield* router.add(
      "GET",
      "/chat",
      Effect.gen(function* () {
        const { input } = yield* HttpServerRequest.schemaSearchParams(Query)
        const response = yield* chatModel.call(Prompt.make(input))
        return HttpServerResponse.text(response.result.output.text ?? "")
      })
    )

    yield* router.add(
      "GET",
      "/chat/stream",
      Effect.gen(function* () {
        const { input } = yield* HttpServerRequest.schemaSearchParams(Query)
        const events = chatModel.stream(Prompt.make(input)).pipe(
          Stream.filter((part) => part.type === "text-delta"),
          Stream.map(({ delta }) => `data: ${JSON.stringify({ delta })}\n\n`)
        )
        return HttpServerResponse.stream(Stream.encodeText(events), { contentType: "text/event-stream" })
      })
    )
  })
)

const path = fileURLToPath(new URL("understudy.yaml", import.meta.url))

/** Starts the service; configured by `understudy.yaml` and the environment. */
export const start = async (options: { readonly port?: number } = {}) => {
  const app = HttpRouter.serve(ChatModelController, { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provide(ChatModel.layerYaml(path, { model: "deepseek-flash" })),
    Layer.provideMerge(NodeHttpServer.layerServer(createServer, { port: options.port ?? 3000, host: "127.0.0.1" }))
  )
  const runtime = ManagedRuntime.make(app)
  const { address } = await runtime.runPromise(HttpServer.HttpServer)
  return { url: HttpServer.formatAddress(address), close: () => runtime.dispose() }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`listening on ${(await start()).url}`)
