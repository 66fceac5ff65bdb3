import { describe, expect, it } from "vitest"
import * as Library from "../../src/library/Library.ts"
import * as Client from "../../src/run/Client.ts"
import * as Recovery from "../../src/run/Recovery.ts"

const scenario = Library.find("quick.refused")

/** Keeps to the other vendor for so many calls, as one that remembers an outage does. */
const shy = (calls: number): Client.Client => {
  let made = 0
  return Client.make("shy", ({ deepseek, fetch, qwen }) => async ({ messages, model }) => {
    made++
    const [place, asked] = made > calls ? [qwen, model] : [deepseek, "deepseek-flash"]
    const response = await fetch(`${place.baseUrl}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${place.keys[0]}`, "content-type": "application/json" },
      body: JSON.stringify({ model: asked, messages })
    })
    await response.text()
    return { text: "" }
  })
}

describe("a clean start", () => {
  it("finds what is used when all is well, whatever is wrong in the scenario", async () => {
    const { keys } = await Recovery.wait(scenario, shy(0))
    expect([...keys]).toEqual(["qwen-1"])
  })

  it("waits until the keys of the beginning are used again", async () => {
    const { keys } = await Recovery.wait(scenario, shy(14), { known: new Set(["qwen-1"]) })
    expect([...keys]).toEqual(["deepseek-1", "qwen-1"])
  })

  it("waits for the first target where the client has a past already", async () => {
    const { keys } = await Recovery.wait(scenario, shy(12))
    expect([...keys]).toEqual(["qwen-1"])
  })

  it("takes the client as it is after so many rounds, and says what its callers were told", async () => {
    const { keys } = await Recovery.wait(scenario, shy(99), { known: new Set(["qwen-1"]), rounds: 1 })
    expect([...keys]).toEqual(["deepseek-1"])
    const deaf = Client.make("deaf", () => () => Promise.reject(new Error("who is there?")))
    const { failure, keys: none } = await Recovery.wait(scenario, deaf, { rounds: 1 })
    expect([none.size, failure?.message]).toEqual([0, "who is there?"])
  })

  it("ends when it is broken off", async () => {
    const signal = AbortSignal.abort(new Error("enough"))
    await expect(Recovery.wait(scenario, shy(0), { signal })).rejects.toThrow("enough")
  })
})
