import OpenAI from "openai"

const client = new OpenAI({ baseURL: "http://127.0.0.1:8080/v1", apiKey: "any" })
const { data, response } = await client.chat.completions
  .create({ model: "qwen3.8-flash", messages: [{ role: "user", content: "你是谁？" }] })
  .withResponse()
console.log(data.model, response.headers.get("x-understudy-trail"))
