/** The contract through the `openai` client, whose `fetch` is the engine. */

import * as PromiseUnderstudy from "@understudy/chat-model/PromiseUnderstudy"
import OpenAI from "openai"
import { type Answer, contract } from "./Contract.ts"

const toAnswer = (text: string, model: string | undefined, headers: Headers): Answer => ({
  text,
  model,
  outcomes: (headers.get("x-understudy-trail") ?? "").split(", ").map((attempt) => attempt.split(" ")[1] ?? "")
})

contract("openai", async (config) => {
  const understudy = await PromiseUnderstudy.fromOptions(config)
  const client = understudy.openai(OpenAI)
  const request = (content: string) => ({ model: "qwen-turbo", messages: [{ role: "user" as const, content }] })
  return {
    call: async (question) => {
      const { data, response } = await client.chat.completions.create(request(question)).withResponse()
      return toAnswer(data.choices[0]?.message.content ?? "", data.model, response.headers)
    },
    stream: async (question) => {
      const { data, response } = await client.chat.completions
        .create({ ...request(question), stream: true })
        .withResponse()
      let text = ""
      let model: string | undefined
      for await (const chunk of data) {
        text += chunk.choices[0]?.delta.content ?? ""
        model = chunk.model
      }
      return toAnswer(text, model, response.headers)
    },
    close: () => understudy.close()
  }
})
