import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { ProviderOptions } from "../src/config/Options.ts"
import * as UnderstudyConfig from "../src/config/UnderstudyConfig.ts"
import * as ModelCatalog from "../src/ModelCatalog.ts"
import { Understudy } from "../src/Understudy.ts"
import { call, isQwen, ok, play, value } from "./play.ts"
import {
  completion,
  json,
  makeWorld,
  options,
  overloaded,
  type Play,
  path,
  type Seen,
  unauthorized
} from "./support.ts"

describe("Understudy.models", () => {
  it.effect(
    "lists what providers list and routes take, and has none where no key gets one, and asks again the next time",
    () =>
      Effect.gen(function* () {
        const world = makeWorld()
        const vendor = (seen: Seen, nth: number): Play =>
          nth <= 3
            ? overloaded
            : json(200, { data: [{ id: isQwen(seen) ? "qwen-max" : "deepseek-chat" }, { id: "other" }] })
        const program = Effect.gen(function* () {
          const { models } = yield* Understudy
          const none = yield* Effect.flip(models)
          expect(none.reason).toMatchObject({ _tag: "NoTarget", route: "aliyun" })
          const lists = [yield* models, yield* models]
          return lists.map((list) => list.map(({ id, provider }) => `${provider}/${id}`))
        })
        const lists = value(yield* play(program, vendor, undefined, world))
        expect(lists).toEqual([
          ["deepseek/deepseek-chat", "qwen/qwen-max"],
          ["deepseek/deepseek-chat", "qwen/qwen-max"]
        ])
        expect(world.seen).toHaveLength(5)
      })
  )

  it.effect("says how much a model's context holds where that is known, by the name that is really asked for", () =>
    Effect.gen(function* () {
      const ids = ["deepseek-flash", "deepseek-own", "deepseek-old", "deepseek-new"]
      const { providers } = options()
      const deepseek: ProviderOptions = {
        ...{ type: "deepseek", baseUrl: "http://deepseek.test", keys: ["sk-demo-d"] },
        ...{ aliases: { "deepseek-old": "deepseek-flash" }, contextLengths: { "deepseek-own": 4096 } }
      }
      const config = options({ providers: { ...providers, deepseek } })
      const vendor = (seen: Seen) => json(200, { data: isQwen(seen) ? [] : ids.map((id) => ({ id })) })
      const program = Effect.flatMap(Understudy, ({ models }) => models)
      const models = value(yield* play(program, vendor, config))
      const listed = JSON.parse(ModelCatalog.toBody(models)).data as ReadonlyArray<Record<string, unknown>>
      expect(Object.fromEntries(listed.map(({ context_length, id }) => [id, context_length]))).toEqual({
        "deepseek-flash": 1_000_000,
        "deepseek-own": 4096,
        "deepseek-old": 1_000_000,
        "deepseek-new": undefined
      })
    })
  )
})

describe("Understudy.explain", () => {
  it.effect(
    "says which route is taken and why the others are not, the targets and keys with their state, and what each reason does",
    () =>
      Effect.gen(function* () {
        const exact = {
          name: "max",
          match: { model: { exact: "qwen-max" }, consumers: ["demo"] },
          targets: [{ provider: "qwen" }],
          on: { ContentFiltered: { fallback: true } }
        }
        const program = Effect.gen(function* () {
          const understudy = yield* Understudy
          yield* call()
          return [
            yield* understudy.explain({ model: "qwen-max", consumer: "demo" }),
            yield* understudy.explain({ model: "qwen-max" })
          ] as const
        })
        const vendor = (seen: Seen) => (isQwen(seen) ? unauthorized : ok(seen))
        const [ours, theirs] = value(yield* play(program, vendor, options({ routes: [...options().routes, exact] })))
        expect(ours.route).toBe("max")
        expect(ours.considered.map(({ because }) => because)).toEqual([
          "taken",
          "model is not deepseek-*",
          "a more specific or earlier route is taken: max"
        ])
        expect(ours.targets[0]).toMatchObject({ provider: "qwen", usable: false, circuit: "Closed" })
        expect(ours.targets[0]?.keys).toMatchObject([
          { state: "Removed", reason: "Unauthorized", dueIn: 5_000 },
          { state: "Removed" }
        ])
        expect(ours.decisions.ContentFiltered?.fallback).toBe(true)
        expect(theirs.route).toBe("aliyun")
        expect(theirs.considered[0]?.because).toBe("consumer is not one of demo")
        expect(theirs.targets.map(({ role }) => role)).toEqual(["target", "fallback"])
        expect(JSON.stringify([ours, theirs])).not.toContain("sk-demo")
      })
  )
})

describe("Understudy.reload", () => {
  it.effect("takes the new routes, and keeps what is known of the keys", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const keyFailover = { healthCheckInterval: "1h" }
      const config = options({
        providers: { ...options().providers, qwen: { ...options().providers["qwen"]!, keyFailover } }
      })
      const more = options({
        providers: { ...config.providers, qwen: { ...config.providers["qwen"]!, keys: ["sk-demo-q3", "sk-demo-q1"] } },
        routes: [
          ...config.routes,
          { name: "other", match: { model: { exact: "other" } }, targets: [{ provider: "deepseek" }] }
        ]
      })
      const program = Effect.gen(function* () {
        const understudy = yield* Understudy
        for (let nth = 0; nth < 10; nth++) yield* call()
        yield* understudy.reload(yield* UnderstudyConfig.fromOptions(more))
        for (let nth = 0; nth < 10; nth++) yield* call()
        yield* call("other")
        return [understudy.config.routes.length, yield* understudy.keys] as const
      })
      const result = yield* play(
        program,
        (seen) => (seen.key === "sk-demo-q1" ? unauthorized : ok(seen)),
        config,
        world
      )
      const [routes, keys] = value(result)
      expect(routes).toBe(3)
      expect(path(world).filter((each) => each.endsWith("#q1"))).toHaveLength(1)
      expect(path(world).filter((each) => each.endsWith("#q3"))).toHaveLength(10)
      expect(keys[0]?.keys.map(({ state }) => state._tag)).toEqual(["Available", "Removed"])
    })
  )

  it.effect("probes a key that a call from before the reload takes out", () =>
    Effect.gen(function* () {
      const late = json(401, { error: { message: "bad", code: "invalid_api_key" } }, {}, 2_000)
      const vendor = (seen: Seen): Play =>
        seen.path.endsWith("/user/balance") ? json(200, { is_available: true }) : late
      const program = Effect.gen(function* () {
        const understudy = yield* Understudy
        const fiber = yield* Effect.forkChild(Effect.exit(call("deepseek-chat")))
        yield* Effect.sleep(1_000)
        yield* understudy.reload(yield* UnderstudyConfig.fromOptions(options()))
        yield* Fiber.join(fiber)
        const removed = yield* understudy.keys
        yield* Effect.sleep(10_000)
        return [removed, yield* understudy.keys].map((keys) => keys[1]?.keys[0]?.state._tag)
      })
      expect(value(yield* play(program, vendor))).toEqual(["Removed", "Available"])
    })
  )

  it.effect("goes on probing the keys that were out, and lets calls under way end", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const vendor = (seen: Seen): Play => {
        if (seen.path.endsWith("/models")) return json(200, { data: [] })
        return seen.key === "sk-demo-q1" && seen.at === 0 ? unauthorized : json(200, completion(seen.model), {}, 2_000)
      }
      const program = Effect.gen(function* () {
        const understudy = yield* Understudy
        const fiber = yield* Effect.forkChild(Effect.forEach([1, 2, 3, 4], () => call(), { concurrency: 4 }))
        yield* Effect.sleep(1_000)
        yield* understudy.reload(yield* UnderstudyConfig.fromOptions(options()))
        const answers = yield* Fiber.join(fiber)
        yield* Effect.sleep(10_000)
        return [answers.length, yield* understudy.keys] as const
      })
      const [answers, keys] = value(yield* play(program, vendor, undefined, world))
      expect(answers).toBe(4)
      expect(keys.flatMap((each) => each.keys.map(({ state }) => state._tag))).toEqual([
        "Available",
        "Available",
        "Available"
      ])
    })
  )
})

describe("aliases", () => {
  it.effect("ask for the model that stands for a retired name, and the trail says what was really asked", () =>
    Effect.gen(function* () {
      const aliases = { "deepseek-chat": { model: "deepseek-flash", extraBody: { thinking: { type: "disabled" } } } }
      const providers = { ...options().providers, deepseek: { ...options().providers["deepseek"]!, aliases } }
      const result = yield* play(call("deepseek-chat"), ok, options({ providers }))
      expect(result.world.seen[0]?.body).toMatchObject({ model: "deepseek-flash", thinking: { type: "disabled" } })
      expect(value(result).trail[0]?.model).toBe("deepseek-flash")
      const own = yield* play(call("deepseek-chat", { thinking: { type: "enabled" } }), ok, options({ providers }))
      expect(own.world.seen[0]?.body).toMatchObject({ thinking: { type: "enabled" } })
    })
  )
})
