/**
 * What is asked and answered: the bytes of requests and answers, made once. Sizes are those of a short chat turn, with
 * enough Chinese in them that UTF-8 is decoded in earnest.
 */

/** How an answer is asked for: whole, as a stream in one write, as a stream in one write a frame. */
export type Kind = "json" | "sse" | "trickle"

/** The model that is asked for, and that answers. */
export const model = "qwen-turbo"

/** Frames of a streamed answer, the usage included and `[DONE]` not. */
export const frames = 61

/** The text of every answer. */
export const words: ReadonlyArray<string> = Array.from({ length: frames - 3 }, (_, index) =>
  index % 3 === 0 ? "当一个供应商失败时，" : index % 3 === 1 ? "the next one " : "接着回答。"
)

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

/** The request's body. `user` tells the upstream how to write its stream. */
export const bodyOf = (kind: Kind): string =>
  JSON.stringify(
    kind === "json" ? request : { ...request, stream: true, stream_options: { include_usage: true }, user: kind }
  )

const usage = { prompt_tokens: 96, completion_tokens: 187, total_tokens: 283 }
const head = { id: "chatcmpl-0f2c7f3a-6f0c-9d3a-8b77-6f1f6c1d2e3f", created: 1_790_000_000, model }

/** The answer to a request without `stream`. */
export const completion = JSON.stringify({
  ...head,
  object: "chat.completion",
  choices: [
    { index: 0, message: { role: "assistant", content: words.join("") }, logprobs: null, finish_reason: "stop" }
  ],
  usage
})

const chunk = (delta: object, finish: string | null): string =>
  JSON.stringify({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    usage: null
  })

/** The events of a streamed answer. */
export const events: ReadonlyArray<string> = [
  chunk({ role: "assistant", content: "" }, null),
  ...words.map((content) => chunk({ content }, null)),
  chunk({ content: "" }, "stop"),
  JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [], usage }),
  "[DONE]"
].map((data) => `data: ${data}\n\n`)
