/**
 * The clients that are compared. Each is imported only where it is used, asks the same, and reads the whole answer; the
 * text of every answer is checked.
 */
import { expectText } from "../Check.ts"
import * as Configuration from "../Configuration.ts"
import { bodyOf, request } from "../Payload.ts"

const apiKey = "sk-demo-1"
const headers = { "content-type": "application/json", authorization: `Bearer ${apiKey}` }
const path = "/v1/chat/completions"
const streamed = { ...request, stream: true, stream_options: { include_usage: true } } as const

type Client = () => Promise<void>

const pool = async (origin: string) => {
  const { Pool } = await import("undici")
  return new Pool(origin)
}

const undici = async (origin: string): Promise<Client> => {
  const upstream = await pool(origin)
  return async () => {
    const answer = await upstream.request({ method: "POST", path, headers, body: bodyOf("json") })
    const completion: any = await answer.body.json()
    expectText(completion.choices[0].message.content)
  }
}

const textOf = (frames: ReadonlyArray<string>): string =>
  frames
    .filter((frame) => frame !== "data: [DONE]")
    .map((frame) => JSON.parse(frame.slice(6)).choices[0]?.delta.content ?? "")
    .join("")

const undiciStream = async (origin: string): Promise<Client> => {
  const upstream = await pool(origin)
  return async () => {
    const answer = await upstream.request({ method: "POST", path, headers, body: bodyOf("sse") })
    const decoder = new TextDecoder()
    let rest = ""
    let text = ""
    for await (const data of answer.body) {
      const frames = (rest + decoder.decode(data, { stream: true })).split("\n\n")
      rest = frames.pop() ?? ""
      text += textOf(frames)
    }
    expectText(text)
  }
}

const openaiClient = async (origin: string) => {
  const { OpenAI } = await import("openai")
  return new OpenAI({ apiKey, baseURL: `${origin}/v1`, maxRetries: 0 })
}

const openai = async (origin: string): Promise<Client> => {
  const client = await openaiClient(origin)
  return async () => {
    const completion = await client.chat.completions.create(request)
    expectText(completion.choices[0]?.message.content)
  }
}

const openaiStream = async (origin: string): Promise<Client> => {
  const client = await openaiClient(origin)
  return async () => {
    let text = ""
    for await (const chunk of await client.chat.completions.create(streamed)) {
      text += chunk.choices[0]?.delta.content ?? ""
    }
    expectText(text)
  }
}

const aiSdk = async (origin: string) => {
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible")
  const vendor = createOpenAICompatible({ name: "vendor", baseURL: `${origin}/v1`, apiKey, includeUsage: true })
  const [system, ...messages] = request.messages
  return {
    model: vendor(request.model),
    instructions: system?.content ?? "",
    messages: messages.map(({ content, role }) => ({ role: role === "user" ? role : ("assistant" as const), content })),
    temperature: request.temperature,
    maxOutputTokens: request.max_tokens,
    maxRetries: 0
  }
}

const generateText = async (origin: string): Promise<Client> => {
  const { generateText: generate } = await import("ai")
  const settings = await aiSdk(origin)
  return async () => expectText((await generate(settings)).text)
}

const streamText = async (origin: string): Promise<Client> => {
  const { streamText: stream } = await import("ai")
  const settings = await aiSdk(origin)
  return async () => {
    let text = ""
    for await (const delta of stream(settings).textStream) text += delta
    expectText(text)
  }
}

const failover = async (origin: string) => {
  const Effect = await import("effect/Effect")
  const ManagedRuntime = await import("effect/ManagedRuntime")
  const Understudy = await import("@understudy/core/Understudy")
  const Failover = await import("@understudy/core/failover/Failover")
  const runtime = ManagedRuntime.make(Understudy.layerOptions(Configuration.make(origin)))
  const run = Effect.runPromiseWith(await runtime.context())
  return { run, failover: await runtime.runPromise(Failover.Failover) }
}

const core = async (origin: string): Promise<Client> => {
  const { failover: engine, run } = await failover(origin)
  return async () => {
    const { completion } = await run(engine.call({ request }))
    expectText(completion.choices[0]?.message.content)
  }
}

const coreStream = async (origin: string): Promise<Client> => {
  const { failover: engine, run } = await failover(origin)
  return async () => {
    let text = ""
    const sink = {
      begin: () => {},
      write: (batch: { readonly chunks: ReadonlyArray<any> }) => {
        for (const chunk of batch.chunks) text += chunk.choices[0]?.delta.content ?? ""
      }
    }
    await run(engine.stream({ request: streamed }, sink))
    expectText(text)
  }
}

const chatModelOf = async (origin: string) => {
  const { failover: engine, run } = await failover(origin)
  const ChatModel = await import("@understudy/chat-model/ChatModel")
  const Message = await import("@understudy/chat-model/Message")
  const Prompt = await import("@understudy/chat-model/Prompt")
  const messages = request.messages.map(({ content, role }) => Message[role](content))
  const { max_tokens: maxTokens, model, temperature } = request
  return { run, model: ChatModel.make(engine), prompt: Prompt.make(messages, { model, temperature, maxTokens }) }
}

const chatModel = async (origin: string): Promise<Client> => {
  const { model, prompt, run } = await chatModelOf(origin)
  return async () => {
    const response = await run(model.call(prompt))
    expectText(response.text)
  }
}

const chatModelStream = async (origin: string): Promise<Client> => {
  const { model, prompt, run } = await chatModelOf(origin)
  const Stream = await import("effect/Stream")
  const Effect = await import("effect/Effect")
  return async () => {
    let text = ""
    const read = Stream.runForEachArray(model.stream(prompt), (parts) =>
      Effect.sync(() => {
        for (const part of parts) if (part.type === "text-delta") text += part.delta
      })
    )
    await run(read)
    expectText(text)
  }
}

const promisedModelOf = async (origin: string) => {
  const { Message, PromiseChatModel } = await import("@understudy/chat-model/promise")
  const messages = request.messages.map(({ content, role }) => Message[role](content))
  const { max_tokens: maxTokens, model, temperature } = request
  const options = { model, temperature, maxTokens }
  return { model: await PromiseChatModel.fromOptions(Configuration.make(origin), options), messages }
}

const promisedModel = async (origin: string): Promise<Client> => {
  const { messages, model } = await promisedModelOf(origin)
  return async () => expectText((await model.call(messages)).text)
}

const promisedModelStream = async (origin: string): Promise<Client> => {
  const { messages, model } = await promisedModelOf(origin)
  return async () => {
    let text = ""
    for await (const part of model.stream(messages)) if (part.type === "text-delta") text += part.delta
    expectText(text)
  }
}

const all = {
  "undici pool": undici,
  "core failover.call": core,
  "ChatModel.call": chatModel,
  "PromiseChatModel.call": promisedModel,
  "openai create": openai,
  "AI SDK generateText": generateText,
  "undici pool, stream": undiciStream,
  "core failover.stream": coreStream,
  "ChatModel.stream": chatModelStream,
  "PromiseChatModel.stream": promisedModelStream,
  "openai create, stream": openaiStream,
  "AI SDK streamText": streamText
}

/** The name of a client. */
export type Name = keyof typeof all

/** Makes a client of the upstream at the origin. */
export const make = (name: Name, origin: string): Promise<Client> => all[name](origin)
