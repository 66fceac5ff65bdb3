/**
 * A planner, three workers at once and a critic, with Effect. The configuration is an object, so a name that is no agent's
 * does not compile.
 */
import { ChatModels } from "@understudy/chat-model"
import * as Effect from "effect/Effect"
import { type Said, toReview } from "./Said.ts"

/** Where the vendors are. */
export interface Vendors {
  readonly urls: { readonly qwen: string; readonly deepseek: string }
}

const workers = ["sights", "food", "walks"] as const

/** Answers a task with five agents over one engine. */
export const run = (task: string, { urls }: Vendors): Promise<ReadonlyArray<Said>> => {
  const models = ChatModels.fromOptions({
    version: 1,
    providers: {
      qwen: { type: "qwen", baseUrl: urls.qwen, keys: ["sk-demo-qwen"] },
      deepseek: { type: "deepseek", baseUrl: urls.deepseek, keys: ["sk-demo-deepseek"] }
    },
    routes: [
      {
        name: "thinkers",
        match: { model: { exact: "qwq-32b" } },
        targets: [{ provider: "qwen" }],
        fallback: [{ provider: "deepseek", model: "deepseek-v4-pro" }]
      },
      {
        name: "aliyun",
        match: { model: { prefix: "qwen" } },
        targets: [{ provider: "qwen" }],
        fallback: [{ provider: "deepseek", model: "deepseek-flash" }]
      },
      {
        name: "deepseek",
        match: { model: { prefix: "deepseek-" } },
        targets: [{ provider: "deepseek" }],
        fallback: [{ provider: "qwen", model: "qwen-plus" }]
      }
    ],
    models: {
      planner: { model: "qwen-plus", options: { temperature: 0 } },
      sights: { model: "deepseek-flash" },
      food: { model: "qwen3.8-flash", options: { temperature: 1.2 } },
      walks: { model: "deepseek-flash" },
      critic: { model: "qwq-32b" }
    }
  })

  const ask = Effect.fnUntraced(function* (agent: (typeof models.names)[number], question: string) {
    const model = yield* models.get(agent)
    return { agent, response: yield* model.call(question) }
  })

  const program = Effect.gen(function* () {
    const planner = yield* ask("planner", task)
    const work = (agent: (typeof workers)[number]) => ask(agent, `${planner.response.text}\nYour part: ${agent}`)
    const answers = yield* Effect.forEach(workers, work, { concurrency: "unbounded" })
    const critic = yield* ask("critic", toReview(answers))
    return [planner, ...answers, critic]
  })
  return Effect.runPromise(Effect.provide(program, models.engine))
}
