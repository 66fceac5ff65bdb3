/**
 * A chat service in plain TypeScript: `GET /chat?input=...` answers with the model's text, `GET /chat/stream?input=...`
 * with the same as it is written. A caller who leaves ends the request at the vendor.
 *
 * ```
 * DASHSCOPE_API_KEY=... DEEPSEEK_API_KEY=... node --conditions=source docs/examples/chat-service-plain/main.ts
 * curl -N 'http://127.0.0.1:3000/chat/stream?input=Who+are+you?'
 * ```
 */
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"
import { PromiseChatModel } from "@understudy/chat-model/promise"

const yaml = fileURLToPath(new URL("understudy.yaml", import.meta.url))

const write = async (response: ServerResponse, chat: PromiseChatModel.PromiseChatModel, input: string) => {
  const left = new AbortController()
  response.on("close", () => left.abort())
  for await (const part of chat.stream(input, { signal: left.signal })) {
    if (part.type === "text-delta") response.write(part.delta)
  }
  response.end()
}

/** Starts the service; configured by `understudy.yaml` and the environment. */
export const start = async (options: { readonly port?: number } = {}) => {
  const chat = await PromiseChatModel.fromYaml(yaml, { model: "qwen3.8-flash" })
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost")
    const input = searchParams.get("input") ?? ""
    try {
      if (pathname === "/chat/stream") await write(response, chat, input)
      else if (pathname === "/chat") response.end((await chat.call(input)).result.output.text)
      else response.writeHead(404).end()
    } catch (error) {
      // Once text is out, a broken answer must not look whole.
      if (response.headersSent) response.destroy()
      else response.writeHead(502).end(error instanceof Error ? error.message : "failed")
    }
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 3000, "127.0.0.1", resolve))
  const close = async () => {
    server.close().closeAllConnections()
    await chat.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`listening on ${(await start()).url}`)
