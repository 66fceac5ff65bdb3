/**
 * Token failover: one good and one wrong key of Qwen. Every call is answered by Qwen; the wrong key is tried once, leaves the
 * list, and comes back when a probe finds it well again.
 */
import { ChatModel } from "@understudy/chat-model"
import * as Understudy from "@understudy/core/Understudy"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import * as Effect from "effect/Effect"

const good = "sk-demo-qwen-good"
const bad = "sk-demo-qwen-bad"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const vendors = Vendors.make({
    keys: { [good]: { vendor: "qwen", name: "good" }, [bad]: { vendor: "qwen", name: "bad", state: "invalid" } }
  })
  const server = await MockServer.listen(vendors)
  const core = Understudy.layerOptions({
    version: 1,
    providers: {
      qwen: {
        type: "qwen",
        baseUrl: server.urls.qwen,
        keys: [
          { value: good, name: "good" },
          { value: bad, name: "bad" }
        ],
        keyFailover: { healthCheckInterval: "20ms", healthCheckModel: "qwen-turbo" }
      }
    },
    routes: [{ name: "aliyun", match: { model: { prefix: "qwen-" } }, targets: [{ provider: "qwen" }] }]
  })

  const program = Effect.gen(function* () {
    const understudy = yield* Understudy.Understudy
    const chat = ChatModel.make(understudy.failover, { model: "qwen-turbo" })
    const states = Effect.map(understudy.keys, ([qwen]) =>
      qwen?.keys.map((key) => `${key.name} ${key.state._tag}`).join(", ")
    )

    const answers = yield* Effect.forEach(Array.from({ length: 20 }), () => chat.call("你是谁？"))
    const models = [...new Set(answers.map(({ metadata }) => metadata.model))]
    const lines = [`${answers.length} calls, all answered by ${models.join()}`, `keys: ${yield* states}`]

    vendors.setKey(bad, { vendor: "qwen", name: "bad" })
    yield* Effect.sleep("5 millis").pipe(
      Effect.repeat({ until: () => Effect.map(states, (now) => now === "good Available, bad Available") })
    )
    return [...lines, `after the key was mended: ${yield* states}`]
  })
  const lines = await Effect.runPromise(Effect.provide(program, core))

  await server.close()
  return lines
}
