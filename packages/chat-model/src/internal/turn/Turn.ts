/**
 * One question of a client's and all that it leads to: advisors around the tool loop around advisors around the model.
 *
 * Without advisors and tools nothing stands in between: a call is the model's call, a stream the model's stream.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Advisor, Around, InnerError, Next, Request } from "../../Advisor.ts"
import type { ChatModel } from "../../ChatModel.ts"
import type { ChatModelError } from "../../ChatModelError.ts"
import * as ChatOptions from "../../ChatOptions.ts"
import type { ChatPart } from "../../ChatPart.ts"
import * as ChatResponse from "../../ChatResponse.ts"
import * as Message from "../../Message.ts"
import type { Prompt } from "../../Prompt.ts"
import type * as Tool from "../../Tool.ts"
import * as ToolLoop from "../../ToolLoop.ts"
import { fromResponse } from "../stream/ResponseParts.ts"
import * as Traced from "./Traced.ts"

/** What a client knows of a question: immutable, and all that a run needs. */
export interface Draft {
  readonly model: ChatModel["Service"]
  readonly system: string | undefined
  readonly messages: ReadonlyArray<Message.Message>
  readonly options: ChatOptions.ChatOptions
  readonly tools: ReadonlyArray<Tool.Any>
  readonly toolLoop: ToolLoop.Options
  readonly advisors: ReadonlyArray<Advisor<unknown>>
}

/** The parts of an answer, whose errors the client knows by name. */
export type Parts = Stream.Stream<ChatPart, ChatModelError | InnerError>

/** What the model is asked, without the model's defaults. */
const toPrompt = ({ messages, options, system }: Draft): Prompt => ({
  messages: system === undefined ? messages : [Message.system(system), ...messages],
  options
})

/** By the law of merging, defaults that are merged in here and again by the model are merged in once. */
const toRequest = (draft: Draft, mode: Request["mode"]): Request => {
  const { messages, options } = toPrompt(draft)
  return { mode, prompt: { messages, options: ChatOptions.merge(draft.model.options, options) } }
}

const ask =
  (model: ChatModel["Service"]): Next =>
  ({ mode, prompt }) =>
    mode === "stream"
      ? model.stream(prompt)
      : Stream.unwrap(Effect.map(model.call(prompt), (response) => Stream.fromArray(fromResponse(response))))

const advised = ({ advisors }: Draft, around: Around, innermost: Next): Next =>
  advisors
    .filter((advisor) => advisor.around === around)
    .reduceRight<Next>((next, advisor) => (request) => (advisor as Advisor).advise(request, next), innermost)

/** The tool loop around advisors around the model. */
const looped = (draft: Draft): Next => {
  const next = advised(draft, "request", ask(draft.model))
  return ({ mode, prompt }) =>
    ToolLoop.run((asked) => next({ mode, prompt: asked }), prompt, draft.tools, draft.toolLoop) as Parts
}

/** Runs a turn whose inside is `inside` of the tool loop. */
export const run = (draft: Draft, mode: Request["mode"], inside: (loop: Next) => Next = (loop) => loop): Parts =>
  Traced.stream(
    "invoke_agent",
    { "gen_ai.operation.name": "invoke_agent" },
    Stream.suspend(() => advised(draft, "turn", inside(looped(draft)))(toRequest(draft, mode)))
  )

const isBare = ({ advisors, tools }: Draft): boolean => advisors.length === 0 && tools.length === 0

/** The whole answer. What the advisors may fail with is the caller's to name. */
export const call = <E>(draft: Draft): Effect.Effect<ChatResponse.ChatResponse, ChatModelError | E> =>
  isBare(draft)
    ? draft.model.call(toPrompt(draft))
    : (ChatResponse.fromStream(run(draft, "call")) as Effect.Effect<ChatResponse.ChatResponse, ChatModelError | E>)

/** The answer, part by part. */
export const stream = <E>(draft: Draft): Stream.Stream<ChatPart, ChatModelError | E> =>
  isBare(draft)
    ? draft.model.stream(toPrompt(draft))
    : (run(draft, "stream") as Stream.Stream<ChatPart, ChatModelError | E>)
