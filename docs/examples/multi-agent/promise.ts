/**
 * The same five agents without Effect, configured by `understudy.yaml`: a name that is not there is an error that lists
 * those that are.
 */
import { fileURLToPath } from "node:url"
import { PromiseChatModels } from "@understudy/chat-model/promise"
import { type Said, toReview } from "./Said.ts"

const path = fileURLToPath(new URL("understudy.yaml", import.meta.url))

/** Answers a task with five agents over one engine. */
export const run = async (task: string): Promise<ReadonlyArray<Said>> => {
  const models = await PromiseChatModels.fromYaml(path)
  const ask = async (agent: string, question: string) => ({ agent, response: await models.get(agent).call(question) })

  const planner = await ask("planner", task)
  const work = (agent: string) => ask(agent, `${planner.response.text}\nYour part: ${agent}`)
  const answers = await Promise.all(["sights", "food", "walks"].map(work))
  const critic = await ask("critic", toReview(answers))

  await models.close()
  return [planner, ...answers, critic]
}
