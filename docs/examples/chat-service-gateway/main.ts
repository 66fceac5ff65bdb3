/**
 * A chat service behind the gateway, the twin of a Spring AI controller with the `application.yml` beside this file:
 * `GET /chat?input=...` answers with the model's text.
 *
 * ```
 * UNDERSTUDY_BASE_URL=http://127.0.0.1:8080/v1 UNDERSTUDY_API_KEY=... node --conditions=source docs/examples/chat-service-gateway/main.ts
 * curl 'http://127.0.0.1:3000/chat?input=Who+are+you?'
 * ```
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"
import { PromiseChatModel, Prompt } from "@understudy/chat-model/promise"

/** Starts the service; where the gateway is, and who asks, comes from the environment. */
export const start = async (options: { readonly port?: number } = {}) => {
  const chatModel = await PromiseChatModel.remote({
    baseUrl: process.env["UNDERSTUDY_BASE_URL"] ?? "http://127.0.0.1:8080/v1",
    apiKey: process.env["UNDERSTUDY_API_KEY"],
    model: process.env["UNDERSTUDY_MODEL"] ?? "deepseek-flash"
  })
  const server = createServer(async (request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://localhost")
    try {
      const answer = await chatModel.call(Prompt.make(searchParams.get("input") ?? ""))
      response.setHeader("x-model", answer.metadata.model ?? "")
      response.end(answer.result.output.text)
    } catch (error) {
      response.writeHead(502).end(error instanceof Error ? error.message : "failed")
    }
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 3000, "127.0.0.1", resolve))
  const close = async () => {
    server.close().closeAllConnections()
    await chatModel.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`listening on ${(await start()).url}`)
