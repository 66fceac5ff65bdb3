import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as ChatModel from "../src/ChatModel.ts"
import * as ChatModels from "../src/ChatModels.ts"
import * as TestChatModels from "../src/TestChatModels.ts"

const scripts = { planner: ["West Lake"], worker: ["A lake.", "Another."] }

describe("TestChatModels", () => {
  it("answers each name from its own script, and tells what each was asked", async () => {
    const program = Effect.gen(function* () {
      const planner = yield* ChatModels.get("planner")
      const plan = yield* planner.call("Plan a day")
      const described = yield* Effect.provide(ChatModel.call(`Describe ${plan.text}`), ChatModels.layer("worker"))
      const asked = yield* Effect.forEach(["planner", "worker"], TestChatModels.prompts)
      const { names } = yield* ChatModels.ChatModels
      return { text: described.text, model: described.metadata.model, asked: asked.map(({ length }) => length), names }
    })
    const result = await Effect.runPromise(Effect.provide(program, TestChatModels.layer(scripts)))
    expect(result).toEqual({ text: "A lake.", model: "worker", asked: [1, 1], names: ["planner", "worker"] })
  })

  it("has no model of another name, and says which there are", async () => {
    const none = Effect.all([Effect.flip(ChatModels.get("critic")), Effect.flip(TestChatModels.prompts("critic"))])
    for (const error of await Effect.runPromise(Effect.provide(none, TestChatModels.layer(scripts)))) {
      expect(error.message).toContain("models.critic: is not there. Models: planner, worker")
    }
  })

  it("answers those who do not use Effect", async () => {
    await using models = await TestChatModels.promise(scripts)
    expect((await models.get("worker").call("Describe it")).text).toBe("A lake.")
    expect([models.prompts("worker").length, models.prompts("planner").length]).toEqual([1, 0])
    await models.close()
    await expect(models.get("worker").call("Again")).rejects.toThrow("closed")
  })
})
