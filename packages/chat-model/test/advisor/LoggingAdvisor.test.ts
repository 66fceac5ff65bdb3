import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import * as Advisor from "../../src/Advisor.ts"
import * as LoggingAdvisor from "../../src/advisor/LoggingAdvisor.ts"
import * as ChatClient from "../../src/ChatClient.ts"
import { ChatModelError } from "../../src/ChatModelError.ts"
import * as Scripted from "../support/ScriptedModel.ts"

interface Line {
  readonly level: string
  readonly message: unknown
  readonly known: Readonly<Record<string, unknown>>
}

const make = (answers: ReadonlyArray<Scripted.Answer>, options?: LoggingAdvisor.Options) => {
  const lines: Array<Line> = []
  const logger = Logger.make<unknown, void>(({ fiber, logLevel, message }) => {
    const known = { ...fiber.getRef(References.CurrentLogAnnotations) }
    lines.push({ level: logLevel, message: Array.isArray(message) ? message[0] : message, known })
  })
  const { asked, model } = Scripted.make(answers)
  const client = ChatClient.make(model, { advisors: [LoggingAdvisor.make(options)] })
  const logged = <A, E>(effect: Effect.Effect<A, E>) => Effect.provide(effect, Logger.layer([logger]))
  return { lines, asked, client, run: <A, E>(effect: Effect.Effect<A, E>) => Effect.runPromise(logged(effect)), logged }
}

describe("LoggingAdvisor", () => {
  it("writes who answered and what it took, and nothing of what was said", async () => {
    const { client, lines, run } = make([{ deltas: ["secret ", "answer"] }])
    await run(client.prompt("secret question").conversation("c1").call().content())
    await run(Stream.runDrain(client.prompt("secret question").stream().content()))
    expect(lines[0]).toEqual({
      level: "Info",
      message: "Chat answered",
      known: {
        mode: "call",
        conversation: "c1",
        model: "chat-2026",
        provider: "vendor",
        attempts: 1,
        finish: "stop",
        promptTokens: 3,
        completionTokens: 5,
        millis: expect.any(Number)
      }
    })
    expect(lines[1]).toMatchObject({ message: "Chat answered", known: { mode: "stream" } })
    expect(JSON.stringify(lines)).not.toContain("secret")
  })

  it("writes what was said when it is told to, without keys", async () => {
    const { client, lines, run } = make([{ deltas: ["Your key is sk-demo-1234"] }], { content: true, level: "Debug" })
    await run(
      Effect.provideService(client.prompt("Mine is sk-demo-5678").call().content(), References.MinimumLogLevel, "All")
    )
    expect(lines[0]).toMatchObject({
      level: "Debug",
      known: { question: "Mine is <redacted>", answer: "Your key is <redacted>" }
    })
  })

  it("warns of a failure by its name", async () => {
    const { message, reason } = Scripted.failure
    const fail = new ChatModelError({ message, reason, trail: [Scripted.attempt, Scripted.attempt] })
    const { client, lines, run } = make([{ deltas: ["a", "b"], fail }])
    await run(Effect.flip(client.prompt("hi").call().content()))
    expect(lines).toMatchObject([
      {
        level: "Warn",
        message: "Chat failed",
        known: { error: "ChatModelError", reason: "InvalidPrompt", mode: "call", attempts: 2 }
      }
    ])
    expect(lines[0]!.known).not.toHaveProperty("answer")
  })

  it("warns of a defect", async () => {
    const { client, lines, run } = make([{}])
    const broken = Advisor.make("broken", () => Stream.die("bug"), "request")
    await run(Effect.exit(client.prompt("hi").advisors(broken).call().content()))
    expect(lines).toMatchObject([{ level: "Warn", known: { error: "defect" } }])
  })

  it("says that an answer was left, or interrupted", async () => {
    const { asked, client, lines, logged, run } = make([{ deltas: ["a", "b"] }, { before: Effect.never }])
    await run(Stream.runDrain(Stream.take(client.prompt("hi").stream().content(), 1)))
    const fiber = Effect.runFork(logged(client.prompt("hi").call().content()))
    await expect.poll(() => asked.length).toBe(2)
    await Effect.runPromise(Fiber.interrupt(fiber))
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ["Info", "Chat left"],
      ["Info", "Chat left"]
    ])
  })
})
