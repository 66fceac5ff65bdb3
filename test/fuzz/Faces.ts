/**
 * The faces that an answer is asked for through, and what is wrong with what each of them made of it: an answer, one of our own
 * errors, and nothing else.
 */
import * as ChatModel from "@understudy/chat-model/ChatModel"
import { ChatModelError } from "@understudy/chat-model/ChatModelError"
import { FailoverError } from "@understudy/core/failure/FailoverError"
import * as Understudy from "@understudy/core/Understudy"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import OpenAI from "openai"
import type { World } from "./World.ts"

/** What a caller got. */
export interface Got {
  /** Who answered, where it was answered whole. */
  readonly provider: string | undefined
  /** The text of the first choice; undefined where it is no text. */
  readonly text: string | undefined
  /** Broken promises. */
  readonly wrong: ReadonlyArray<string>
}

/** What is asked. */
export interface Asked {
  readonly world: World
  readonly model: string
  readonly n: number
}

const failed = (...wrong: ReadonlyArray<string>): Got => ({ provider: undefined, text: undefined, wrong })

const requestOf = ({ model, n }: Asked, stream: boolean) => ({
  model,
  messages: [{ role: "user", content: "hi" }],
  stream,
  ...(n === 1 ? {} : { n })
})

/** An exit that is neither a success nor an error of ours. */
const wrongOf = (exit: Exit.Exit<unknown, unknown>, isOurs: (error: unknown) => boolean): ReadonlyArray<string> => {
  if (Exit.isSuccess(exit)) return []
  const error = Cause.findErrorOption(exit.cause)
  return error._tag === "Some" && isOurs(error.value) ? [] : [`not one of our errors: ${Cause.pretty(exit.cause)}`]
}

const isFailover = (error: unknown): boolean => error instanceof FailoverError
const isChatModel = (error: unknown): boolean => error instanceof ChatModelError

const textIn = (content: unknown): string | undefined => (typeof content === "string" ? content : undefined)

const coreCall = async (asked: Asked): Promise<Got> => {
  const request = requestOf(asked, false)
  const exit = await asked.world.run(
    Effect.exit(Understudy.Understudy.use(({ failover }) => failover.call({ request })))
  )
  if (Exit.isFailure(exit)) return failed(...wrongOf(exit, isFailover))
  const { bytes, completion, provider } = exit.value
  const wrong = isJson(bytes.toString("utf8")) ? [] : ["an answer whose bytes are not JSON"]
  return { provider, text: textIn(completion.choices[0]?.message.content), wrong }
}

const coreStream = async (asked: Asked): Promise<Got> => {
  const pieces: Array<Buffer> = []
  const sink = { begin: () => {}, write: ({ bytes }: { bytes: Buffer }) => void pieces.push(bytes) }
  const request = requestOf(asked, true)
  const exit = await asked.world.run(
    Effect.exit(Understudy.Understudy.use(({ failover }) => failover.stream({ request }, sink)))
  )
  if (Exit.isFailure(exit)) return failed(...wrongOf(exit, isFailover))
  return { provider: exit.value.provider, ...ofEvents(Buffer.concat(pieces).toString("utf8")) }
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The text of what a client of ours reads, and what would trip it. */
const ofEvents = (text: string): { readonly text: string | undefined; readonly wrong: ReadonlyArray<string> } => {
  const wrong: Array<string> = []
  const finished = new Map<unknown, number>()
  let said = ""
  let isPlain = true
  for (const frame of text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").split("\n\n")) {
    const lines = frame.split("\n")
    const data = lines.flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trimStart()] : [])).join("\n")
    if (data === "" || data === "[DONE]") continue
    if (!isJson(data)) {
      wrong.push(`a frame that is not JSON: ${data.slice(0, 80)}`)
      continue
    }
    const chunk: any = JSON.parse(data)
    if (chunk.error || !Array.isArray(chunk.choices)) continue
    const here = new Set<unknown>()
    for (const choice of chunk.choices) {
      if (choice === null || typeof choice !== "object") wrong.push("a choice that is no object")
      const content = choice?.delta?.content
      if (content != null && typeof content !== "string") isPlain = false
      else if ((choice.index ?? 0) === 0) said += content ?? ""
      if (typeof choice.finish_reason !== "string" || choice.finish_reason === "") continue
      if (!here.has(choice.index)) finished.set(choice.index, (finished.get(choice.index) ?? 0) + 1)
      here.add(choice.index)
    }
  }
  for (const [index, times] of finished) if (times > 1) wrong.push(`${times} finishes of choice ${String(index)}`)
  return { text: isPlain ? said : undefined, wrong }
}

const providerIn = (headers: Headers): string | undefined => headers.get("x-understudy-provider") ?? undefined

/** Reads a response as an OpenAI client would. `isOurs` tells the errors that a body may break off with. */
const read = async (response: Response, isStream: boolean): Promise<Got> => {
  let text = ""
  let broken: unknown
  try {
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += piece
  } catch (error) {
    broken = error
  }
  if (response.status >= 500 && ![502, 503, 504].includes(response.status)) return failed(`${response.status}: ${text}`)
  if (response.status !== 200 || !isStream) {
    if (!isJson(text)) return failed(`${response.status} with a body that is not JSON: ${text.slice(0, 80)}`)
    const answer = JSON.parse(text)
    if (response.status !== 200) return failed(...(answer.error === undefined ? ["an error without its member"] : []))
    return { provider: providerIn(response.headers), text: textIn(answer.choices[0]?.message?.content), wrong: [] }
  }
  const isDone = text.endsWith("data: [DONE]\n\n")
  const hasError = /^data: \{"error":/m.test(text)
  const { text: said, wrong } = ofEvents(text)
  if (isDone)
    return {
      provider: providerIn(response.headers),
      text: said,
      wrong: broken === undefined ? wrong : [...wrong, "broken behind [DONE]"]
    }
  return failed(...wrong, ...(hasError ? [] : [`a stream that ends without [DONE] or an error: ${String(broken)}`]))
}

const overHttp =
  (isStream: boolean) =>
  async (asked: Asked): Promise<Got> => {
    const response = await fetch(`${asked.world.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(requestOf(asked, isStream))
    })
    return read(response, isStream)
  }

const overFetch =
  (isStream: boolean) =>
  async (asked: Asked): Promise<Got> => {
    try {
      const body = JSON.stringify(requestOf(asked, isStream))
      return await read(
        await asked.world.fetch("http://any.test/v1/chat/completions", { method: "POST", body }),
        isStream
      )
    } catch (error) {
      return failed(`fetch rejected with ${String(error)}`)
    }
  }

const sdkCall = async ({ model, world }: Asked): Promise<Got> => {
  const exit = await world.run(
    Effect.exit(ChatModel.call({ messages: [{ role: "user", content: "hi" }], options: { model } } as never))
  )
  if (Exit.isFailure(exit)) return failed(...wrongOf(exit, isChatModel))
  return { provider: exit.value.metadata.provider, text: undefined, wrong: [] }
}

const sdkStream = async ({ model, world }: Asked): Promise<Got> => {
  const parts = Stream.runCollect(
    ChatModel.stream({ messages: [{ role: "user", content: "hi" }], options: { model } } as never)
  )
  const exit = await world.run(Effect.exit(parts))
  if (Exit.isFailure(exit)) return failed(...wrongOf(exit, isChatModel))
  const all = Array.from(exit.value)
  const ends = all.filter(({ type }) => type === "finish").length
  const head = all.find(({ type }) => type === "response-metadata")
  const provider = head?.type === "response-metadata" ? head.provider : undefined
  return { provider, text: undefined, wrong: ends === 1 ? [] : [`${ends} finish parts`] }
}

/** The `openai` client over our `fetch`: what it is handed must not make it throw anything but its errors, or ours. */
const openAi = async (asked: Asked, ask: (client: OpenAI) => Promise<string | undefined>): Promise<Got> => {
  let provider: string | undefined
  const fetch = async (...args: Parameters<typeof asked.world.fetch>): Promise<Response> => {
    const response = await asked.world.fetch(...args)
    provider = providerIn(response.headers)
    return response
  }
  const client = new OpenAI({
    apiKey: "sk-demo-any",
    baseURL: "http://any.test/v1",
    maxRetries: 0,
    fetch: fetch as never
  })
  try {
    return { text: await ask(client), provider, wrong: [] }
  } catch (error) {
    const isKnown = error instanceof OpenAI.OpenAIError || error instanceof FailoverError
    return failed(...(isKnown ? [] : [`the openai client threw ${String(error)}`]))
  }
}

const openAiCall = (asked: Asked): Promise<Got> =>
  openAi(asked, async (client) => {
    const answer = await client.chat.completions.create(requestOf(asked, false) as never)
    return textIn((answer as OpenAI.ChatCompletion).choices[0]?.message.content)
  })

const openAiStream = (asked: Asked): Promise<Got> =>
  openAi(asked, async (client) => {
    const stream = client.chat.completions.stream(requestOf(asked, true) as never)
    await stream.finalChatCompletion()
    return undefined
  })

/** Every face; `n` other than 1 is for those that take it. */
export const faces: Readonly<
  Record<string, { readonly takesN: boolean; readonly ask: (asked: Asked) => Promise<Got> }>
> = {
  "core call": { takesN: true, ask: coreCall },
  "core stream": { takesN: true, ask: coreStream },
  "gateway call": { takesN: true, ask: overHttp(false) },
  "gateway stream": { takesN: true, ask: overHttp(true) },
  "fetch call": { takesN: true, ask: overFetch(false) },
  "fetch stream": { takesN: true, ask: overFetch(true) },
  "openai call": { takesN: true, ask: openAiCall },
  "openai stream": { takesN: false, ask: openAiStream },
  "SDK call": { takesN: false, ask: sdkCall },
  "SDK stream": { takesN: false, ask: sdkStream }
}
