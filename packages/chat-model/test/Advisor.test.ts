import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import * as Advisor from "../src/Advisor.ts"
import * as ChatClient from "../src/ChatClient.ts"
import * as Message from "../src/Message.ts"
import * as Prompt from "../src/Prompt.ts"
import * as Scripted from "./support/ScriptedModel.ts"

class Forbidden extends Data.TaggedError("Forbidden")<{ readonly message: string }> {}

const named = (name: string, log: Array<string>, around?: Advisor.Around) =>
  Advisor.make(
    name,
    (request, next) =>
      Stream.suspend(() => {
        log.push(`${name} in`)
        return Stream.onExit(next(request), () => Effect.sync(() => log.push(`${name} out`)))
      }),
    around
  )

describe("Advisor", () => {
  it("stands in the order of the list, around the turn outside of around the request", async () => {
    const log: Array<string> = []
    const { model } = Scripted.make()
    const client = ChatClient.make(model, { advisors: [named("request", log, "request"), named("first", log)] })
    const spec = client.prompt("hi").advisors(named("second", log)).advisors(named("third", log))
    await Effect.runPromise(spec.call().content())
    const order = ["first", "second", "third", "request"]
    expect(log).toEqual([...order.map((name) => `${name} in`), ...order.toReversed().map((name) => `${name} out`)])
    log.length = 0
    await Effect.runPromise(Stream.runDrain(spec.stream().content()))
    expect(log.slice(0, 4)).toEqual(order.map((name) => `${name} in`))
  })

  it("sees the options with the model's defaults, and whether a call or a stream is wanted", async () => {
    const { asked, model } = Scripted.make(undefined, { model: "chat", temperature: 0 })
    const seen: Array<Advisor.Request> = []
    const watching = Advisor.make("watching", (request, next) => {
      seen.push(request)
      return next(request)
    })
    const spec = ChatClient.make(model, { advisors: [watching] })
      .prompt("hi")
      .options({ temperature: 1 })
    await Effect.runPromise(Effect.andThen(spec.call().content(), Stream.runDrain(spec.stream().content())))
    const prompt = Prompt.make("hi", { model: "chat", temperature: 1 })
    expect(seen).toEqual([
      { mode: "call", prompt },
      { mode: "stream", prompt }
    ])
    expect(asked).toEqual(seen)
  })

  it("refuses with an error of its own, and nothing is sent", async () => {
    const { asked, model } = Scripted.make()
    const safeguard = Advisor.make("safeguard", (request, next) =>
      request.prompt.messages.some((message) => Message.textOf(message)?.includes("password"))
        ? Stream.fail(new Forbidden({ message: "Passwords are not talked about" }))
        : next(request)
    )
    const client = ChatClient.make(model, { advisors: [safeguard] })
    const error = await Effect.runPromise(Effect.flip(client.prompt("my password").call().content()))
    expect(error).toMatchObject({ _tag: "Forbidden" })
    expect(asked).toHaveLength(0)
    expect(await Effect.runPromise(client.prompt("hi").call().content())).toBe("ok")
  })

  it("answers instead of the model", async () => {
    const { asked, model } = Scripted.make()
    const canned = Advisor.make("canned", () => Stream.fromIterable(Scripted.textParts(["can", "ned"])))
    const spec = ChatClient.make(model, { advisors: [canned] }).prompt("hi")
    expect(await Effect.runPromise(spec.call().content())).toBe("canned")
    expect(asked).toHaveLength(0)
  })

  it("recovers from the model's error and asks again with another prompt", async () => {
    const { asked, model } = Scripted.make([{ fail: Scripted.failure }, { deltas: ["saved"] }])
    const second = Advisor.make("second", (request, next) =>
      Stream.catchTag(next(request), "ChatModelError", () =>
        next({ ...request, prompt: Prompt.make(request.prompt, { model: "other" }) })
      )
    )
    const spec = ChatClient.make(model, { advisors: [second] }).prompt("hi")
    expect(await Effect.runPromise(spec.call().content())).toBe("saved")
    expect(asked[1]!.prompt.options.model).toBe("other")
  })

  it("tells those inside it by a reference that it provides", async () => {
    const Tenant = Context.Reference<string>("test/Tenant", { defaultValue: () => "nobody" })
    const { model } = Scripted.make()
    const seen: Array<string> = []
    const outer = Advisor.make("outer", (request, next) => Stream.provideService(next(request), Tenant, "acme"))
    const inner = Advisor.make("inner", (request, next) =>
      Stream.unwrap(
        Effect.map(Tenant, (tenant) => {
          seen.push(tenant)
          return next(request)
        })
      )
    )
    const inside = ChatClient.make(model, { advisors: [inner] })
      .prompt("hi")
      .call()
      .content()
    const both = ChatClient.make(model, { advisors: [outer, inner] })
      .prompt("hi")
      .call()
      .content()
    await Effect.runPromise(inside)
    await Effect.runPromise(Effect.provideService(inside, Tenant, "caller"))
    await Effect.runPromise(both)
    expect(seen).toEqual(["nobody", "caller", "acme"])
  })
})

describe("Advisor.onPrompt", () => {
  it("changes what is asked", async () => {
    const { model, texts } = Scripted.make()
    const search = (_: string) => Effect.succeed("Hangzhou lies on the Qiantang.")
    const retrieval = Advisor.onPrompt("retrieval", (prompt) =>
      Effect.map(search("Hangzhou"), (found) =>
        Prompt.make([Message.system(found), ...prompt.messages], prompt.options)
      )
    )
    await Effect.runPromise(
      ChatClient.make(model, { advisors: [retrieval] })
        .prompt("Where?")
        .call()
        .content()
    )
    expect(texts(0)).toEqual(["Hangzhou lies on the Qiantang.", "Where?"])
  })
})

describe("Advisors of promises and values", () => {
  it("change what is asked, and are told of the answer before its reader is", async () => {
    const { model, texts } = Scripted.make()
    const told: Array<string> = []
    const advisors = [
      Advisor.onPrompt("promise", async ({ messages }) => Prompt.make([Message.system("one"), ...messages])),
      Advisor.onPrompt("value", ({ messages }) => Prompt.make([...messages, Message.user("two")])),
      Advisor.onResponse("promise", async (response) => void told.push(response.text ?? "")),
      Advisor.onResponse("value", (_, prompt) => void told.push(`${prompt.messages.length} messages`))
    ]
    const client = ChatClient.make(model, { advisors })
    await Effect.runPromise(client.prompt("Where?").call().content())
    expect(texts(0)).toEqual(["one", "Where?", "two"])
    expect(told).toEqual(["3 messages", "ok"])
  })

  it("reject whoever asked with what they threw or rejected with", async () => {
    const { asked, model } = Scripted.make()
    const broken = new Error("the index is down")
    const advisors = [
      Advisor.onPrompt("rejects", () => Promise.reject(broken)),
      Advisor.onPrompt("throws", () => {
        throw broken
      })
    ]
    for (const advisor of advisors) {
      const spec = ChatClient.make(model, { advisors: [advisor] }).prompt("hi")
      await expect(Effect.runPromise(spec.call().content())).rejects.toBe(broken)
    }
    expect(asked).toEqual([])
  })
})

describe("Advisor.onResponse", () => {
  it("is told of whole answers, of calls and streams, and of no others", async () => {
    const { model } = Scripted.make([
      { deltas: ["a"] },
      { deltas: ["b"] },
      { deltas: ["broken"], fail: Scripted.failure },
      { deltas: ["left", "early"] }
    ])
    let tokens = 0
    const meter = Advisor.onResponse("meter", (response) =>
      Effect.sync(() => {
        tokens += response.metadata.usage?.totalTokens ?? 0
      })
    )
    const spec = ChatClient.make(model, { advisors: [meter] }).prompt("hi")
    await Effect.runPromise(spec.call().content())
    await Effect.runPromise(Stream.runDrain(spec.stream().content()))
    await Effect.runPromise(Effect.flip(Stream.runDrain(spec.stream().content())))
    await Effect.runPromise(Stream.runDrain(Stream.take(spec.stream().content(), 1)))
    expect(tokens).toBe(16)
  })

  it("fails the answer when it fails", async () => {
    const { model } = Scripted.make()
    const strict = Advisor.onResponse("strict", (response) =>
      Effect.fail(new Forbidden({ message: `${response.text} is not good enough` }))
    )
    const spec = ChatClient.make(model, { advisors: [strict] }).prompt("hi")
    const error = await Effect.runPromise(Effect.flip(spec.call().content()))
    expect(error.message).toBe("ok is not good enough")
  })
})
