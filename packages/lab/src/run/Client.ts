/**
 * Whoever is tested: something that answers requests, given a setting to find its vendors in.
 *
 * One form (`Session.start`) carries all of them; `Client.make` takes an ordinary asynchronous function. What a client
 * knows of time it should take from `setting.clock`, or the virtual runner cannot hurry it; under fake timers
 * (`network`) and in real time (`sockets`) the machine's timers are right.
 *
 * **Example** (a client of one's own)
 *
 * ```ts
 * import { Client, Lab } from "@understudy/lab"
 * import OpenAI from "openai"
 *
 * const client = Client.make("my service", ({ fetch, qwen }) => {
 *   const openai = new OpenAI({ apiKey: qwen.keys[0], baseURL: qwen.baseUrl, fetch, maxRetries: 0 })
 *   return async ({ messages, model }, { signal }) => {
 *     const { choices } = await openai.chat.completions.create({ model, messages: [...messages] }, { signal })
 *     return { text: choices[0]?.message.content ?? "" }
 *   }
 * })
 *
 * const { verdict } = await Lab.run("overload.fast@qwen", { client, runner: "network" })
 * verdict.passed // => false
 * ```
 */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import type { Upstream } from "@understudy/core/upstream/Upstream"
import type { VendorName } from "@understudy/mocks/VendorList"
import type * as Context from "effect/Context"
import type * as Dialogue from "../traffic/Dialogue.ts"
import type * as ToolUse from "../traffic/ToolUse.ts"
import type { RunnerName } from "./Run.ts"

/** A message of a conversation, in OpenAI's shape. */
export type LabMessage = Dialogue.Message

/** A model's wish to have a tool run. */
export type LabToolCall = ToolUse.ToolCall

/** What one caller wants, in OpenAI's shape. The texts hold the mark by which its attempts are told: pass them on as they are. */
export interface LabRequest {
  readonly id: string
  readonly model: string
  readonly messages: ReadonlyArray<LabMessage>
  /** The text of the last message: all that there is of a caller that says nothing else. */
  readonly text: string
  readonly stream: boolean
  /** The tools that are offered; nothing where there are none. */
  readonly tools?: ReadonlyArray<ToolUse.Tool>
  /** How the answer is to be written; nothing for free text. */
  readonly responseFormat?: Dialogue.ResponseFormat
}

/** An answer. */
export interface LabReply {
  readonly text: string
  /** The model's thinking: goes back with its calls of tools. */
  readonly reasoning?: string | undefined
  /** The tools that it asks for: the caller runs them and asks again, with their results. */
  readonly toolCalls?: ReadonlyArray<LabToolCall> | undefined
  readonly finish?: string | undefined
  /** The model that the answer names. */
  readonly model?: string | undefined
}

/** Where one vendor is, and with which keys. */
export interface VendorSetting {
  /** The base URL for an OpenAI-compatible client. */
  readonly baseUrl: string
  readonly keys: ReadonlyArray<string>
}

/** Time for clients on the virtual clock; the machine's elsewhere. */
export interface LabClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Rejects with the signal's reason when it aborts. */
  sleep(millis: number, signal?: AbortSignal): Promise<void>
}

/** What a client finds: each vendor under its name, and what they have in common. */
export interface Setting extends Readonly<Record<VendorName, VendorSetting>> {
  readonly runner: RunnerName
  /** How Understudy would be set up here, base URLs and keys filled in. */
  readonly config: UnderstudyOptions
  readonly clock: LabClock
  /** Reaches the mocked vendors through any runner. */
  readonly fetch: typeof globalThis.fetch
  readonly seed: number
  /** Takes a line of the client's log, in which no key may stand. */
  log(line: string): void
  /** For clients on Effect: the run's clock and scheduler; nothing where the machine's are right. */
  readonly services: Context.Context<never>
  /** For clients on the core: the run's transport; undefined where sockets are right. */
  readonly upstream: Upstream["Service"] | undefined
}

/** How a call went, told in the order `(content | runTool)* end`. */
export interface Observer {
  /** The caller has been given more: of the text, or, with an empty piece, of the reasoning or of a call of a tool. */
  content(text: string): void
  /** Runs a tool of the caller's, for a client that does so itself; gives its result. */
  runTool(call: LabToolCall): string
  /** The call is over, once. */
  end(outcome: { readonly reply: LabReply } | { readonly error: unknown }): void
}

/** An open client. */
export interface Session {
  /** Begins a call; the result lets its caller leave. */
  start(request: LabRequest, observer: Observer): () => void
  close?(): Promise<void> | void
}

/** Whoever is tested. */
export interface Client {
  readonly name: string
  /** True when it works with promises, so that the virtual clock must let them settle before it moves. */
  readonly promises: boolean
  open(setting: Setting): Session | Promise<Session>
}

/** What a function that answers is given beside the request. */
export interface CallContext {
  /** Aborts when the caller leaves. */
  readonly signal: AbortSignal
  /** To be told about content as it comes, by clients that stream. */
  readonly content: (text: string) => void
  /** Runs a tool of the caller's, for clients that do so themselves: gives its result. */
  readonly runTool: (call: LabToolCall) => string
}

/** Answers one request, or rejects. */
export type Answer = (request: LabRequest, context: CallContext) => Promise<LabReply>

const toSession = (answer: Answer, close: (() => Promise<void> | void) | undefined): Session => ({
  start: (request, observer) => {
    const leaving = new AbortController()
    // A function that throws at once, or gives no promise, has answered too.
    new Promise<LabReply>((resolve) => {
      const { content, runTool } = observer
      resolve(answer(request, { signal: leaving.signal, content, runTool }))
    }).then(
      (reply) => observer.end({ reply }),
      (error: unknown) => observer.end({ error })
    )
    return () => leaving.abort()
  },
  ...(close === undefined ? {} : { close })
})

/** A function that answers, or one with what is to be done in the end. */
export type Opened = Answer | { readonly answer: Answer; readonly close: () => Promise<void> | void }

/** A client from a function that answers; `open` may also give what is to be closed in the end. */
export const make = (name: string, open: (setting: Setting) => Opened | Promise<Opened>): Client => ({
  name,
  promises: true,
  open: async (setting) => {
    const opened = await open(setting)
    return typeof opened === "function" ? toSession(opened, undefined) : toSession(opened.answer, opened.close)
  }
})
