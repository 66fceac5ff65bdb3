/**
 * A chat service with the ChatModel injected as an Effect layer: `GET /chat?input=...` answers with the model's text.
 *
 * ```
 * DASHSCOPE_API_KEY=... DEEPSEEK_API_KEY=... node --conditions=source docs/examples/chat-service-effect/main.ts
 * curl 'http://127.0.0.1:3000/chat?input=Who+are+you?'
 * ```
 */
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as ChatModel from "@understudy/chat-model/ChatModel"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Schema from "effect/Schema"

const Query = Schema.Struct({ input: Schema.NonEmptyString })

const routes = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const chatModel = yield* ChatModel.ChatModel
    const answer = Effect.gen(function* () {
      const { input } = yield* HttpServerRequest.schemaSearchParams(Query)
      const response = yield* chatModel.call(input)
      return HttpServerResponse.text(response.result.output.text ?? "", {
        headers: { "x-model": response.metadata.model ?? "" }
      })
    }).pipe(
      Effect.catchTags({
        SchemaError: (error) => Effect.succeed(HttpServerResponse.text(error.message, { status: 400 })),
        ChatModelError: (error) =>
          Effect.succeed(HttpServerResponse.text(error.message, { status: error.isRetryable ? 503 : 502 }))
      })
    )
    yield* router.add("GET", "/chat", answer)
  })
)

const yaml = fileURLToPath(new URL("understudy.yaml", import.meta.url))

/** Starts the service; configured by `understudy.yaml` and the environment. */
export const start = async (options: { readonly port?: number } = {}) => {
  const app = HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provide(ChatModel.layerYaml(yaml, { model: "qwen3.8-flash" })),
    Layer.provideMerge(NodeHttpServer.layerServer(createServer, { port: options.port ?? 3000, host: "127.0.0.1" }))
  )
  const runtime = ManagedRuntime.make(app)
  const { address } = await runtime.runPromise(HttpServer.HttpServer)
  return { url: HttpServer.formatAddress(address), close: () => runtime.dispose() }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`listening on ${(await start()).url}`)
