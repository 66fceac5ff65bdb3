/**
 * Understudy as a client of the lab: a ChatModel in this process, set up as the scenario says. On the virtual clock it runs
 * without promises, which is what makes a day of traffic a matter of seconds.
 *
 * **Example** (without a fallback)
 *
 * ```ts
 * import { Lab, UnderstudyClient } from "@understudy/lab"
 *
 * const alone = UnderstudyClient.make({
 *   name: "alone",
 *   config: ({ routes, ...config }) => ({ ...config, routes: routes.map((route) => ({ ...route, fallback: [] })) })
 * })
 * const { verdict } = await Lab.run("overload.fast@qwen", { client: alone })
 * verdict.passed // => false
 * ```
 */
import * as ChatModel from "@understudy/chat-model/ChatModel"
import type * as ChatOptions from "@understudy/chat-model/ChatOptions"
import * as Message from "@understudy/chat-model/Message"
import * as Prompt from "@understudy/chat-model/Prompt"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Understudy from "@understudy/core/Understudy"
import * as UndiciUpstream from "@understudy/core/upstream/UndiciUpstream"
import { Upstream } from "@understudy/core/upstream/Upstream"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type * as Dialogue from "../traffic/Dialogue.ts"
import * as Prng from "../traffic/Prng.ts"
import type { Client, LabMessage, LabReply, LabRequest, LabToolCall, Observer, Session, Setting } from "./Client.ts"

/** How it is set up. */
export interface Options {
  /** `understudy` unless told otherwise. */
  readonly name?: string
  /** Changes the scenario's configuration. */
  readonly config?: (config: UnderstudyOptions) => UnderstudyOptions
}

type Model = ChatModel.ChatModel["Service"]

const toUser = (content: string | ReadonlyArray<Dialogue.Part>): Message.UserMessage =>
  Message.user(
    typeof content === "string"
      ? content
      : content.map((part) => (part.type === "text" ? part : Message.image(part.image_url.url)))
  )

const toMessage = (message: LabMessage): Message.Message => {
  switch (message.role) {
    case "system":
      return Message.system(message.content)
    case "user":
      return toUser(message.content)
    case "tool":
      return Message.tool(message.tool_call_id, message.content)
    case "assistant": {
      const { content: text, reasoning_content: reasoning, tool_calls: calls } = message
      if (calls === undefined) return Message.assistant(text)
      const toolCalls = calls.map(({ function: called, id }) => ({ id, ...called }))
      return Message.assistant({ ...(text === "" ? {} : { text }), reasoning, toolCalls })
    }
  }
}

const toOptions = ({ model, responseFormat, tools }: LabRequest): ChatOptions.ChatOptions => ({
  model,
  tools: tools?.map((tool) => tool.function),
  responseFormat: responseFormat?.type === "json_object" ? "json" : responseFormat?.json_schema
})

const toPrompt = (request: LabRequest): Prompt.Prompt =>
  Prompt.make(request.messages.map(toMessage), toOptions(request))

const call = (model: Model, request: LabRequest): Effect.Effect<LabReply, unknown> =>
  Effect.map(model.call(toPrompt(request)), ({ metadata, reasoning, result, text, toolCalls }) => ({
    text: text ?? "",
    reasoning,
    toolCalls,
    finish: result.finishReason?.unified,
    model: metadata.model
  }))

const stream = (model: Model, request: LabRequest, content: Observer["content"]): Effect.Effect<LabReply, unknown> =>
  Effect.suspend(() => {
    let [text, reasoning, finish, answeredBy] = ["", "", "", request.model]
    const toolCalls: Array<LabToolCall> = []
    const take = Stream.runForEach(model.stream(toPrompt(request)), (part) =>
      Effect.sync(() => {
        if (part.type === "text-delta") {
          text += part.delta
          content(part.delta)
        } else if (part.type === "reasoning-delta") {
          reasoning += part.delta
          content("")
        } else if (part.type === "tool-call-delta") content("")
        else if (part.type === "tool-call") toolCalls.push(part)
        else if (part.type === "response-metadata") answeredBy = part.model
        else if (part.type === "finish") finish = part.finishReason.unified
      })
    )
    return Effect.map(take, () => ({ text, reasoning, toolCalls, finish, model: answeredBy }))
  })

/** Every call draws from a stream of its own, so that concurrency moves nobody's luck. */
const lucky = ({ seed, services }: Setting, name: string): Context.Context<never> =>
  Context.add(services, Random.Random, Prng.stream(seed, name))

const toSession = (model: Model, setting: Setting, scope: Scope.Closeable): Session => {
  return {
    start: (request, observer) => {
      const effect = request.stream ? stream(model, request, observer.content) : call(model, request)
      const fiber = Effect.runForkWith(lucky(setting, request.id))(effect)
      fiber.addObserver((exit) =>
        observer.end(Exit.isSuccess(exit) ? { reply: exit.value } : { error: Cause.squash(exit.cause) })
      )
      return () => fiber.interruptUnsafe()
    },
    close: () => Effect.runPromiseWith(setting.services)(Scope.close(scope, Exit.void))
  }
}

/** The vendors are on this machine: a proxy of the environment would not find them. */
const direct = UndiciUpstream.layer({ environment: {} })

const layerOf = (setting: Setting, options: Options) => {
  const { upstream } = setting
  const config = options.config?.(setting.config) ?? setting.config
  return ChatModel.layer().pipe(
    Layer.provide(Layer.unwrap(Effect.map(UnderstudyConfig.fromOptions(config), Understudy.layer))),
    Layer.provide(upstream === undefined ? direct : Layer.succeed(Upstream, upstream))
  )
}

/** Understudy. */
export const make = (options: Options = {}): Client => ({
  name: options.name ?? "understudy",
  promises: false,
  open: (setting) => {
    const scope = Scope.makeUnsafe()
    const built = Layer.buildWithScope(layerOf(setting, options), scope)
    const opened = Effect.map(built, (context) => toSession(Context.get(context, ChatModel.ChatModel), setting, scope))
    return Effect.runPromiseWith(lucky(setting, "understudy"))(opened)
  }
})
