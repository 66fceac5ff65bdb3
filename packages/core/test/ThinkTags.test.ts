import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Batch, Sink } from "../src/failover/Failover.ts"
import { Understudy } from "../src/Understudy.ts"
import {
  completion,
  frame,
  json,
  makeWorld,
  options,
  type Play,
  request,
  role,
  sse,
  stop,
  text,
  understudy
} from "./support.ts"

const config = (thinkTags: boolean | "opened") =>
  options({
    providers: {
      local: { type: "openai-compatible", baseUrl: "http://local.test/v1", thinkTags }
    },
    routes: [{ name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "local" }] }]
  })

const call = (play: Play, thinkTags: boolean | "opened" = true) =>
  Understudy.use(({ failover }) => failover.call({ request: request("r1") })).pipe(
    Effect.provide(understudy(makeWorld(), () => play, config(thinkTags)))
  )

const stream = (play: Play, thinkTags: boolean | "opened" = true) => {
  const batches: Array<Batch> = []
  const sink: Sink = { begin: () => {}, write: (batch) => void batches.push(batch) }
  return Understudy.use(({ failover }) => failover.stream({ request: request("r1", { stream: true }) }, sink)).pipe(
    Effect.provide(understudy(makeWorld(), () => play, config(thinkTags))),
    Effect.map(() => Buffer.concat(batches.map(({ bytes }) => bytes)).toString())
  )
}

/** The deltas of a stream's bytes, each an event of its own. */
const deltas = (bytes: string) =>
  bytes
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => (JSON.parse(event.replace(/^data: /, "")) as { choices: [{ delta: object }] }).choices[0].delta)

describe("a provider with thinkTags", () => {
  it.effect("answers JSON with the reasoning apart, in what is read and in the bytes", () =>
    Effect.map(call(json(200, completion("r1", "<think>why</think>\n\nso"))), ({ bytes, completion: { choices } }) => {
      expect(choices[0]?.message).toEqual({ role: "assistant", content: "so", reasoning_content: "why" })
      expect(JSON.parse(bytes.toString()).choices[0].message).toEqual(choices[0]?.message)
    })
  )

  it.effect("keeps the vendor's numbers in bytes that it writes anew", () => {
    const body = JSON.stringify(completion("r1", "<think>why</think>so")).replace(
      '"created":1',
      '"created":9007199254740993'
    )
    return Effect.map(call(json(200, body)), ({ bytes }) => {
      expect(bytes.toString()).toContain('"created":9007199254740993')
      expect(bytes.toString()).toContain('"reasoning_content":"why"')
    })
  })

  it.effect("keeps the bytes of an answer without tags", () => {
    const body = `${JSON.stringify(completion("r1", "so"))}\n `
    return Effect.map(call(json(200, body)), ({ bytes }) => expect(bytes.toString()).toBe(body))
  })

  it.effect("streams whole events with the reasoning apart", () =>
    Effect.map(
      stream(
        sse(role, text("<thi"), text("nk>wh"), text("y</thi"), text("nk>\n"), text("\nso"), stop, "data: [DONE]\n\n")
      ),
      (bytes) =>
        expect(deltas(bytes)).toEqual([
          { role: "assistant", content: "" },
          { content: "" },
          { content: "", reasoning_content: "wh" },
          { content: "", reasoning_content: "y" },
          { content: "" },
          { content: "so" },
          {}
        ])
    )
  )

  it.effect("takes an unclosed tag for reasoning so far", () =>
    Effect.map(stream(sse(text("<think>wh"), text("y"), frame({}, "length"), "data: [DONE]\n\n")), (bytes) =>
      expect(deltas(bytes)).toEqual([
        { content: "", reasoning_content: "wh" },
        { content: "", reasoning_content: "y" },
        {}
      ])
    )
  )

  it.effect("takes what comes before the closing tag for reasoning where the template has opened it", () =>
    Effect.map(call(json(200, completion("r1", "why</think>so")), "opened"), ({ completion: { choices } }) =>
      expect(choices[0]?.message).toMatchObject({ content: "so", reasoning_content: "why" })
    )
  )

  it.effect("leaves everything as it is unless it is switched on", () =>
    Effect.gen(function* () {
      const tagged = "<think>why</think>so"
      const whole = yield* call(json(200, completion("r1", tagged)), false)
      expect(whole.completion.choices[0]?.message.content).toBe(tagged)
      const bytes = yield* stream(sse(text(tagged), stop, "data: [DONE]\n\n"), false)
      expect(bytes).toBe(text(tagged) + stop)
    })
  )
})
