/**
 * One suite for every transport: whatever carries the bytes, a call survives, fails and ends in the same way. The vendors are
 * the mocks on real sockets.
 */

import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { OpenAiUpstream, type Options, Understudy, UnderstudyConfig, UndiciUpstream, Upstream } from "@understudy/core"
import type { Answer, Sink } from "@understudy/core/failover/Failover"
import type { FailoverError } from "@understudy/core/failure/FailoverError"
import { outcomeOf } from "@understudy/core/failure/Trail"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import OpenAI from "openai"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"

const keys = {
  "sk-demo-qwen": { vendor: "qwen", name: "qwen" },
  "sk-demo-qwen-bad": { vendor: "qwen", name: "bad", state: "invalid" },
  "sk-demo-deepseek": { vendor: "deepseek", name: "deepseek" }
} as const

const request = (model: string, more: object = {}) => ({
  model,
  messages: [{ role: "user", content: "你是谁？" }],
  ...more
})

const suite = (name: string, transport: Layer.Layer<Upstream.Upstream>) =>
  describe(name, () => {
    const vendors = Vendors.make({ keys })
    let server: Awaited<ReturnType<typeof MockServer.listen>>
    beforeAll(async () => {
      server = await MockServer.listen(vendors)
    })
    afterAll(() => server.close())
    beforeEach(() => vendors.reset())

    const config = (): Options.UnderstudyOptions => ({
      version: 1,
      providers: {
        qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen"] },
        deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] },
        broken: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen-bad"] }
      },
      routes: [
        {
          name: "aliyun",
          match: { model: { prefix: "qwen-" } },
          targets: [{ provider: "qwen" }],
          fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
        },
        {
          name: "bad",
          match: { model: { exact: "qwen-plus" } },
          targets: [{ provider: "broken" }],
          fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
        },
        { name: "deepseek", match: { model: { prefix: "deepseek-" } }, targets: [{ provider: "deepseek" }] },
        { name: "qwq", match: { model: { exact: "qwq-32b" } }, targets: [{ provider: "qwen" }] }
      ]
    })

    const run = <A, E>(program: Effect.Effect<A, E, Understudy.Understudy>) =>
      Effect.flatMap(UnderstudyConfig.fromOptions(config()), (checked) =>
        Effect.provide(program, Layer.provide(Understudy.layer(checked), transport))
      ).pipe(Effect.runPromiseExit)

    const call = (model: string, more: object = {}): Promise<Exit.Exit<Answer, unknown>> =>
      run(Understudy.Understudy.use(({ failover }) => failover.call({ request: request(model, more) })))

    const stream = (model: string) => {
      const written: Array<string> = []
      const sink: Sink = {
        begin: (head) => void written.push(head.provider),
        write: ({ bytes }) => void written.push(bytes.toString())
      }
      const program = Understudy.Understudy.use(({ failover }) =>
        failover.stream({ request: request(model, { stream: true }) }, sink)
      )
      return { program, written }
    }

    const answer = (exit: Exit.Exit<Answer, unknown>): Answer => {
      if (Exit.isFailure(exit)) throw new Error(String(exit.cause))
      return exit.value
    }

    const outcomes = (trail: Answer["trail"]) => trail.map((record) => `${record.provider} ${outcomeOf(record)}`)

    it("answers JSON from both vendors", async () => {
      expect(answer(await call("qwen-turbo")).completion.choices[0]?.message.content).toContain("通义千问")
      expect(answer(await call("deepseek-chat")).completion.choices[0]?.message.content).toContain("DeepSeek")
    })

    it("streams", async () => {
      const { program, written } = stream("deepseek-chat")
      expect(Exit.isSuccess(await run(program))).toBe(true)
      expect(written[0]).toBe("deepseek")
      expect(written.join("")).toContain('"finish_reason":"stop"')
      expect(written.join("")).not.toContain("[DONE]")
    })

    it("folds the stream of a stream-only model", async () => {
      const { message } = answer(await call("qwq-32b")).completion.choices[0]!
      expect([typeof message.content, typeof message.reasoning_content]).toEqual(["string", "string"])
    })

    it("falls back from a bad key", async () => {
      expect(outcomes(answer(await call("qwen-plus")).trail)).toEqual(["broken Unauthorized", "deepseek ok"])
    })

    it.each([
      ["overload.fast", "Overloaded"],
      ["overload.disguised", "Overloaded"],
      ["server.error", "ServerFailed"],
      ["edge.html", "ServerFailed"],
      ["empty.200", "EmptyResponse"],
      ["billing.exhausted", "BalanceExhausted"],
      ["rate.limit", "RateLimited"],
      ["model.gone", "ModelNotFound"],
      ["access.denied", "PermissionDenied"],
      ["partial.200", "Interrupted"]
    ] as const)("reads %s as %s and falls back", async (kind, reason) => {
      vendors.addFault({ vendor: "qwen", kind })
      const { trail } = answer(await call("qwen-turbo"))
      expect(outcomes(trail)[0]).toBe(`qwen ${reason}`)
      expect(outcomes(trail).at(-1)).toBe("deepseek ok")
    })

    it.each([
      "reset.before",
      "close.before"
    ] as const)("reads %s as a failed connection and falls back", async (kind) => {
      vendors.addFault({ vendor: "qwen", kind })
      const { trail } = answer(await call("qwen-turbo"))
      expect(outcomeOf(trail[0]!)).toMatch(/^ConnectionFailed\(/)
      expect(trail.at(-1)?.provider).toBe("deepseek")
    })

    it.each([
      "cut.midstream",
      "reset.midstream",
      "eof.noDone",
      "frame.malformed",
      "error.midstream"
    ] as const)("is broken, and says so, when a stream ends in %s after content", async (kind) => {
      vendors.addFault({ vendor: "qwen", kind, afterChunks: 3 })
      const { program, written } = stream("qwen-turbo")
      const exit = await run(Effect.flip(program as Effect.Effect<never, FailoverError, Understudy.Understudy>))
      expect(Exit.isSuccess(exit) && exit.value.reason._tag).toBe("Broken")
      expect(written[0]).toBe("qwen")
    })

    it("decodes frames that were cut anywhere", async () => {
      vendors.addFault({ vendor: "deepseek", kind: "bytes.sliced" })
      const { program, written } = stream("deepseek-chat")
      expect(Exit.isSuccess(await run(program))).toBe(true)
      expect(written.join("")).toContain("DeepSeek")
    })

    it.each([
      "begin",
      "write"
    ] as const)("takes a sink that throws in %s for the caller's defect, and goes on serving", async (at) => {
      const full = (): never => {
        throw new Error("full")
      }
      const sink: Sink = { begin: at === "begin" ? full : () => {}, write: at === "write" ? full : () => {} }
      const streaming = request("deepseek-chat", { stream: true })
      const program = Understudy.Understudy.use(({ failover }) => failover.stream({ request: streaming }, sink))
      const exit = await run(program)
      expect(exit).toMatchObject({ _tag: "Failure", cause: { reasons: [{ _tag: "Die" }] } })
      expect(answer(await call("deepseek-chat")).provider).toBe("deepseek")
    })

    describe("does not retry", () => {
      type Answer = (request: Http.IncomingMessage, response: Http.ServerResponse) => void
      const reset: Answer = (request) => request.socket.resetAndDestroy()
      const status =
        (code: number, headers: Http.OutgoingHttpHeaders = {}): Answer =>
        (_, response) =>
          response.writeHead(code, headers).end("{}")

      /** How often a server is asked for one request, and how that ends. */
      const asked = async (answer: Answer): Promise<readonly [requests: number, ended: string]> => {
        let requests = 0
        const server = Http.createServer((request, response) => {
          requests += 1
          request.resume()
          request.on("end", () => answer(request, response))
        })
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
        const { port } = server.address() as AddressInfo
        const send = Upstream.Upstream.use(({ send }) =>
          Effect.callback<string>((resume) => {
            const ended = (how: string) => resume(Effect.succeed(how))
            let seen = 0
            send(
              {
                method: "POST",
                origin: `http://127.0.0.1:${port}`,
                path: "/chat/completions",
                headers: { "content-type": "application/json" },
                body: "{}"
              },
              {
                onConnected: () => {},
                onHeaders: (code) => {
                  seen = code
                },
                onData: () => {},
                onEnd: () => ended(String(seen)),
                onError: () => ended("error")
              }
            )
          })
        )
        const ended = await Effect.runPromise(Effect.provide(send, transport))
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
        return [requests, ended]
      }

      it.each([
        ["a fresh connection that dies", reset, "error"],
        ["a 429 that names a time", status(429, { "retry-after": "0" }), "429"],
        ["a 503", status(503), "503"],
        ["a 500 that asks for it", status(500, { "x-should-retry": "true" }), "500"],
        ["a redirect", status(307, { location: "/elsewhere" }), "307"]
      ] as const)("after %s", async (_, answer, how) => {
        expect(await asked(answer)).toEqual([1, how])
      })
    })

    it("closes the upstream request when the caller leaves", async () => {
      vendors.addFault({ vendor: "deepseek", kind: "stall.before" })
      const arrived = vendors.journal.waitFor((entry) => entry.model === "deepseek-chat")
      const left = vendors.journal.waitFor((entry) => entry.end === "client-left")
      const exit = await run(
        Effect.gen(function* () {
          const { failover } = yield* Understudy.Understudy
          const fiber = yield* Effect.forkChild(failover.call({ request: request("deepseek-chat") }))
          yield* Effect.promise(() => arrived)
          yield* Fiber.interrupt(fiber)
          return yield* Effect.promise(() => left)
        })
      )
      expect(Exit.isSuccess(exit)).toBe(true)
      expect(vendors.journal.open()).toEqual([])
    })

    it("proves every key over the free endpoints", async () => {
      const exit = await run(Understudy.Understudy.use(({ check }) => check))
      expect(Exit.isSuccess(exit) && exit.value.map(({ ok, provider }) => [provider, ok])).toEqual([
        ["qwen", true],
        ["deepseek", true],
        ["broken", false]
      ])
    })
  })

suite("an undici pool", UndiciUpstream.layer())
suite(
  "a caller's openai client",
  OpenAiUpstream.layer(new OpenAI({ apiKey: "sk-demo-unused", baseURL: "http://127.0.0.1:1/v1" }))
)
