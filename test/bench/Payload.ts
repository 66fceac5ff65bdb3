/**
 * What is asked and answered: the bytes of requests and answers, made once. Sizes are those of a short chat turn, with
 * enough Chinese in them that UTF-8 is decoded in earnest.
 */

/** How an answer is asked for: whole, as a stream in one write, as a stream in one write a frame; `long` ones are 16 times as long. */
export type Kind = "json" | "long-json" | "sse" | "long-sse" | "trickle"

/** True for an answer that comes as a stream. */
export const isStreamed = (kind: Kind): boolean => !kind.endsWith("json")

/** The model that is asked for, and that answers. */
export const model = "qwen-turbo"

/** An answer in both its forms. */
export interface Answer {
  readonly text: string
  /** The body of an answer without `stream`. */
  readonly completion: string
  /** The events of a streamed one. */
  readonly events: ReadonlyArray<string>
  /** How many of them name the model: the usage does, `[DONE]` does not. */
  readonly frames: number
}

const messages = [
  {
    role: "system",
    content: "你是一个简洁的助手。Answer in the language of the question, in at most three sentences."
  },
  { role: "user", content: "什么是故障转移？Please explain how a gateway fails over between model providers." },
  { role: "assistant", content: "故障转移是指在一个组件失效时，由另一个组件接手它的工作。" },
  { role: "user", content: "如果流已经开始了呢？And what does the caller see then?" }
] as const

/** The request, as the clients build it. */
export const request = { model, messages: [...messages], temperature: 0.7, max_tokens: 256 }

/** The request's body. `user` tells the upstream which answer is wanted. */
export const bodyOf = (kind: Kind): string =>
  JSON.stringify(
    isStreamed(kind)
      ? { ...request, stream: true, stream_options: { include_usage: true }, user: kind }
      : { ...request, user: kind }
  )

const usage = { prompt_tokens: 96, completion_tokens: 187, total_tokens: 283 }
const head = { id: "chatcmpl-0f2c7f3a-6f0c-9d3a-8b77-6f1f6c1d2e3f", created: 1_790_000_000, model }

const chunk = (delta: object, finish: string | null): string =>
  JSON.stringify({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    usage: null
  })

const answerOf = (frames: number): Answer => {
  const words = Array.from({ length: frames - 3 }, (_, index) =>
    index % 3 === 0 ? "当一个供应商失败时，" : index % 3 === 1 ? "the next one " : "接着回答。"
  )
  const text = words.join("")
  const choice = { index: 0, message: { role: "assistant", content: text }, logprobs: null, finish_reason: "stop" }
  const events = [
    chunk({ role: "assistant", content: "" }, null),
    ...words.map((content) => chunk({ content }, null)),
    chunk({ content: "" }, "stop"),
    JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [], usage }),
    "[DONE]"
  ]
  return {
    text,
    completion: JSON.stringify({ ...head, object: "chat.completion", choices: [choice], usage }),
    events: events.map((data) => `data: ${data}\n\n`),
    frames
  }
}

/** An answer of a few sentences. */
export const short: Answer = answerOf(61)

/** An answer of some pages. */
export const long: Answer = answerOf(1_000)

/** What is answered to a request. */
export const answerTo = (kind: Kind): Answer => (kind.startsWith("long") ? long : short)
