/** `understudy chat`: one question, or a conversation; the answer as it comes, and who really gave it. */

import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import type { AttemptFailure } from "@understudy/core/failure/AttemptFailure"
import { reasons } from "@understudy/core/failure/Reason"
import * as ModelCatalog from "@understudy/core/ModelCatalog"
import * as Matcher from "@understudy/core/route/Matcher"
import { Understudy } from "@understudy/core/Understudy"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Setup from "../demo/Setup.ts"
import { type Failed, failed, fromError, misused } from "../Failed.ts"
import * as Conversation from "../internal/Conversation.ts"
import * as Core from "../internal/Core.ts"
import { valueOf } from "../internal/Environment.ts"
import * as Repl from "../internal/Repl.ts"
import * as Waiting from "../internal/Waiting.ts"
import type { Messages } from "../Messages.ts"

/** What the command line says. */
export interface Input {
  readonly prompt: string | undefined
  readonly model: string | undefined
  readonly config: string | undefined
  readonly baseUrl: string | undefined
  readonly apiKey: Redacted.Redacted<string> | undefined
}

/** Asked where nobody says what to ask: today's names before older ones. */
const { deepseek, former, qwen } = Setup.models
const preferred: ReadonlyArray<string> = [qwen, deepseek, former.qwen, former.deepseek]

/** Why an address cannot be asked for its models, and what to do. */
const explainRemote = (
  { chat }: Messages,
  baseUrl: string,
  sent: boolean,
  { message, reason }: AttemptFailure
): string => {
  if (reasons[reason._tag].about !== "key") return `${chat.unreachable(baseUrl)} ${message}`
  return sent ? chat.refusesKey(baseUrl) : chat.needsKey(baseUrl)
}

/** Why a call failed; an address that wants a key is told with the way to give it one. */
const explainCall =
  ({ calls, chat }: Messages, { baseUrl }: Input, sent: boolean): Repl.Explain =>
  (error) => {
    const message = calls.failed(error)
    const { reason } = error
    const wantsKey = "failure" in reason && reasons[reason.failure.reason._tag].about === "key"
    if (baseUrl === undefined || !wantsKey) return message
    return `${message}\n${sent ? chat.refusesKey(baseUrl) : chat.needsKey(baseUrl)}`
  }

const modelOf = Effect.fnUntraced(function* (messages: Messages, input: Input, sent: boolean) {
  if (input.model !== undefined) return input.model
  const { check, config, models } = yield* Understudy
  const takes = (model: string): boolean => config.routes.some(({ match }) => Matcher.fitsModel(match.model, model))
  const own = input.baseUrl === undefined ? preferred.find(takes) : undefined
  if (own !== undefined) return own
  const listed = (yield* ModelCatalog.orNone(models)).map(({ id }) => id)
  const found = preferred.find((model) => listed.includes(model)) ?? listed[0]
  if (found !== undefined) return found
  if (input.baseUrl !== undefined) {
    const [refused] = (yield* check).flatMap(({ failure }) => failure ?? [])
    if (refused !== undefined) return yield* failed(explainRemote(messages, input.baseUrl, sent, refused))
  }
  const routes = config.routes.map(({ match }) => Matcher.toLabel(match.model)).join(messages.common.and)
  return yield* misused(messages.chat.noModel(routes))
})

/** A configuration with the one address that the command line names. */
const remote = (baseUrl: string, apiKey: string | undefined) =>
  UnderstudyConfig.fromOptions(
    {
      version: 1,
      providers: {
        remote: { type: "openai-compatible", baseUrl, ...(apiKey === undefined ? {} : { keys: [apiKey] }) }
      },
      routes: [{ name: "remote", match: { model: { prefix: "" } }, targets: [{ provider: "remote" }] }]
    },
    "--base-url"
  ).pipe(Effect.mapError(fromError))

const talk = Effect.fnUntraced(function* (messages: Messages, input: Input, sent: boolean, waiting: Waiting.Waiting) {
  const explain = explainCall(messages, input, sent)
  const model = yield* modelOf(messages, input, sent)
  const conversation = yield* Conversation.make(messages, model, waiting)
  if (input.prompt === undefined) return yield* Repl.run(messages, conversation, explain)
  yield* conversation.ask(input.prompt).pipe(Effect.mapError((error) => failed(explain(error))))
})

/** Talks. */
export const run = (messages: Messages, input: Input): Effect.Effect<void, Failed> => {
  const { apiKey, baseUrl, config } = input
  if (apiKey !== undefined && baseUrl === undefined) return Effect.fail(misused(messages.chat.keyWithoutUrl))
  const key = apiKey === undefined ? valueOf(process.env, "UNDERSTUDY_API_KEY") : Redacted.value(apiKey)
  const source = baseUrl === undefined ? Core.load(messages, config) : remote(baseUrl, key)
  const waiting = Waiting.make(messages)
  const core = Core.layer(source).pipe(Layer.provide(waiting.layer))
  return talk(messages, input, key !== undefined, waiting).pipe(Effect.provide(core))
}
