import { createServer } from "node:http"
import { PromiseChatModel } from "@understudy/chat-model"

// application.yml: base-url, api-key and chat.options.model
const chatModel = await PromiseChatModel.remote({
  baseUrl: process.env["GATEWAY_URL"] ?? "http://127.0.0.1:8080/v1",
  apiKey: process.env["GATEWAY_KEY"],
  model: "deepseek-chat"
})

// @RequestMapping("/chat") public String chat(String input)
const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost")
  const answer = await chatModel.call(url.searchParams.get("input") ?? "")
  response.setHeader("content-type", "text/plain; charset=utf-8").end(answer.result.output.text)
})
const port = Number(process.env["PORT"] ?? 3000)
server.listen(port, () => console.log(`http://127.0.0.1:${port}/chat?input=...`))
