/** `understudy chat`: one question, or a conversation; the answer as it comes, and who really gave it. */
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Matcher from "@understudy/core/route/Matcher"
import { Understudy } from "@understudy/core/Understudy"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Setting from "../demo/Setting.ts"
import { type Failed, fromError, misused } from "../Failed.ts"
import * as Conversation from "../internal/Conversation.ts"
import * as Core from "../internal/Core.ts"
import { valueOf } from "../internal/Environment.ts"
import * as Repl from "../internal/Repl.ts"
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
const { deepseek, former, qwen } = Setting.models
const preferred: ReadonlyArray<string> = [qwen, deepseek, former.qwen, former.deepseek]

const modelOf = Effect.fnUntraced(function* (messages: Messages, input: Input) {
  if (input.model !== undefined) return input.model
  const { config, models } = yield* Understudy
  const takes = (model: string): boolean => config.routes.some(({ match }) => Matcher.fitsModel(match.model, model))
  const own = input.baseUrl === undefined ? preferred.find(takes) : undefined
  if (own !== undefined) return own
  const listed = (yield* models).map(({ id }) => id)
  const found = preferred.find((model) => listed.includes(model)) ?? listed[0]
  if (found !== undefined) return found
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

const talk = Effect.fnUntraced(function* (messages: Messages, input: Input) {
  const model = yield* modelOf(messages, input)
  const conversation = yield* Conversation.make(messages, model)
  if (input.prompt === undefined) return yield* Repl.run(messages, conversation)
  yield* conversation.ask(input.prompt).pipe(Effect.mapError(fromError))
})

/** Talks. */
export const run = (messages: Messages, input: Input): Effect.Effect<void, Failed> => {
  const { apiKey, baseUrl, config } = input
  if (apiKey !== undefined && baseUrl === undefined) return Effect.fail(misused(messages.chat.keyWithoutUrl))
  const key = apiKey === undefined ? valueOf(process.env, "UNDERSTUDY_API_KEY") : Redacted.value(apiKey)
  const source = baseUrl === undefined ? Core.load(messages, config) : remote(baseUrl, key)
  return talk(messages, input).pipe(Effect.provide(Core.layer(source)))
}
