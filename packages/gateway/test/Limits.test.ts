/** What consumers may use: keys that expire, routes, limits that are taken before a call and settled after it. */
import { createHash } from "node:crypto"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { describe, expect, it } from "vitest"
import * as Estimate from "../src/internal/Estimate.ts"
import * as Guesses from "../src/internal/Guesses.ts"
import {
  answerJson,
  chat,
  chatBody,
  completion,
  config,
  frame,
  json,
  openStream,
  raw,
  readStream,
  type Sent,
  serve,
  silent,
  unread
} from "./support.ts"

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
const billed = { ...completion, usage }

type Consumer = NonNullable<UnderstudyOptions["consumers"]>[number]

const withConsumer = (consumer: Partial<Consumer>, more: Partial<UnderstudyOptions> = {}): UnderstudyOptions => ({
  ...config,
  consumers: [{ name: "web", keys: ["us-demo-web"], ...consumer }],
  ...more
})

const key = { headers: { authorization: "Bearer us-demo-web" } }

const limited = (limits: Consumer["limits"], more: Partial<UnderstudyOptions> = {}) =>
  withConsumer({ limits: limits ?? {} }, more)

/** Without the heartbeat, which would make a day of 86,400 steps. */
const virtual = { clock: "virtual", heartbeat: 0 } as const

const serveLimited = (limits: Consumer["limits"], answer: (sent: Sent) => void = answerJson(billed)) =>
  serve(answer, { config: limited(limits), ...virtual })

const ask = async (url: string, extra: Readonly<Record<string, unknown>> = {}) => {
  const response = await chat(url, extra, key)
  const header = (name: string) => response.headers.get(name)
  return { status: response.status, body: await json(response), header }
}

describe("requests", () => {
  it("of many at once as many pass as are left, and the others are told when to come back", async () => {
    const { advance, upstream, url } = await serveLimited({ requestsPerMinute: 3 })
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(url)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
    expect(upstream.sent).toHaveLength(3)
    const refused = answers.find(({ status }) => status === 429)
    expect(refused?.body.error).toEqual({
      message: 'Consumer "web" may use 3 requests a minute (`requestsPerMinute`).',
      type: "rate_limit_error",
      code: "rate_limit_exceeded",
      param: null
    })
    expect([refused?.header("retry-after"), refused?.header("x-ratelimit-remaining-requests")]).toEqual(["60", "0"])
    await advance(60_000)
    const next = await ask(url)
    expect(next.status).toBe(200)
    expect(["limit", "remaining", "reset"].map((each) => next.header(`x-ratelimit-${each}-requests`))).toEqual([
      "3",
      "2",
      "1m0s"
    ])
  })

  it("of 10,000 at once, of a consumer with 100 left, exactly 100 pass", async () => {
    const { port, upstream } = await serveLimited({ requestsPerMinute: 100, tokensPerDay: 1e9, concurrency: 10_000 })
    const body = chatBody({ max_tokens: 10 })
    const one = (connection: string) =>
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer us-demo-web\r\nconnection: ${connection}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    const pipelined = one("keep-alive").repeat(199) + one("close")
    const answers = (await Promise.all(Array.from({ length: 50 }, () => raw(port, pipelined)))).join("")
    const statuses = answers.match(/HTTP\/1\.1 \d+/g) ?? []
    expect([statuses.length, statuses.filter((status) => status.endsWith("200")).length]).toEqual([10_000, 100])
    expect(upstream.sent).toHaveLength(100)
  }, 60_000)

  it("under way are counted until their responses are closed, however they end", async () => {
    const { upstream, url } = await serveLimited({ concurrency: 1 }, silent)
    const leaving = new AbortController()
    const first = chat(url, {}, { ...key, signal: leaving.signal }).catch(() => "left")
    await upstream.until(() => upstream.sent.length === 1)
    const second = await ask(url)
    expect([second.status, second.header("retry-after"), second.body.error.code]).toEqual([
      429,
      "1",
      "rate_limit_exceeded"
    ])
    leaving.abort()
    expect(await first).toBe("left")
    await upstream.until(() => upstream.sent[0]?.seen.includes("abort") === true)
    const third = chat(url, {}, key)
    await upstream.until(() => upstream.sent.length === 2)
    answerJson(billed)(upstream.sent[1]!)
    expect((await third).status).toBe(200)
  })
})

describe("tokens", () => {
  it("are taken by the most that a request may come to, and settled by what the vendor reports", async () => {
    const { url } = await serveLimited({ tokensPerMinute: 1_000 })
    const tooMuch = await ask(url, { max_tokens: 2_000 })
    expect([tooMuch.status, tooMuch.header("retry-after"), tooMuch.header("x-should-retry")]).toEqual([
      429,
      null,
      "false"
    ])
    expect(tooMuch.body.error.message).toContain("lower `max_tokens`")
    const first = await ask(url, { max_tokens: 900 })
    expect([first.status, Number(first.header("x-ratelimit-remaining-tokens"))]).toEqual([200, expect.any(Number)])
    expect(Number(first.header("x-ratelimit-remaining-tokens"))).toBeLessThan(100)
    const second = await ask(url, { max_tokens: 900 })
    expect(second.status).toBe(200)
    expect(Number(second.header("x-ratelimit-remaining-tokens"))).toBe(
      Number(first.header("x-ratelimit-remaining-tokens")) - 15
    )
  })

  it("of a call that failed come to what was reported, and of one that nobody reports on to what was taken", async () => {
    let body: unknown = { error: { message: "no" } }
    let status = 400
    const { url } = await serveLimited({ tokensPerDay: 5_000 }, (sent) => answerJson(body, status)(sent))
    const left = async () => Number((await ask(url, { max_tokens: 1 })).header("x-ratelimit-remaining-tokens"))
    const before = await left()
    expect(await left()).toBe(before)
    status = 200
    body = completion
    await ask(url, { max_tokens: 1_000 })
    body = billed
    expect(await left()).toBeLessThan(before - 1_000)
  })

  it("of a stream that its caller leaves come to what was taken, and of one that breaks to what was reported", async () => {
    let answer: (sent: Sent) => void = openStream(frame("Hel"))
    const { upstream, url } = await serveLimited({ tokensPerDay: 9_000 }, (sent) => answer(sent))
    const left = async () => {
      answer = answerJson({ error: { message: "no" } }, 400)
      return Number((await ask(url, { max_tokens: 1 })).header("x-ratelimit-remaining-tokens"))
    }
    const before = await left()
    answer = openStream(frame("Hel"))
    const { socket } = await unread(url, chatBody({ stream: true, max_tokens: 2_000 }), key.headers)
    socket.destroy()
    await upstream.until(() => upstream.sent.at(-1)?.seen.includes("abort") === true)
    const after = await left()
    expect(after).toBeLessThan(before - 2_000)
    answer = (sent) => {
      openStream(frame("Hel"))(sent)
      sent.handler.onEnd()
    }
    expect((await readStream(await chat(url, { stream: true, max_tokens: 2_000 }, key))).cut).toBe(true)
    expect(await left()).toBe(after)
  })

  it("of a stream come to what its last frame reports", async () => {
    const { url } = await serveLimited({ tokensPerDay: 9_000 }, (sent) => {
      openStream(
        frame("Hello", "stop"),
        `data: ${JSON.stringify({ choices: [], usage })}\n\n`,
        "data: [DONE]\n\n"
      )(sent)
      sent.handler.onEnd()
    })
    const left = async () => {
      const response = await chat(url, { stream: true, max_tokens: 100 }, key)
      await response.text()
      return Number(response.headers.get("x-ratelimit-remaining-tokens"))
    }
    expect((await left()) - (await left())).toBe(15)
  })

  it("that are used up for the day are a quota's, and begin anew at midnight in UTC", async () => {
    const { advance, url } = await serveLimited({ tokensPerDay: 100 })
    expect((await ask(url, { max_tokens: 90 })).status).toBe(200)
    await advance(3_600_000)
    const refused = await ask(url, { max_tokens: 90 })
    expect([refused.status, refused.body.error.type, refused.body.error.code, refused.header("retry-after")]).toEqual([
      429,
      "insufficient_quota",
      "insufficient_quota",
      String(23 * 3_600)
    ])
    expect(refused.header("x-should-retry")).toBe("false")
    await advance(23 * 3_600_000)
    expect((await ask(url, { max_tokens: 90 })).status).toBe(200)
  })

  it.each([
    ["of a text", { messages: [{ role: "user", content: "x".repeat(300) }], max_tokens: 7 }, 102, 7],
    ["of Chinese", { messages: [{ content: "你".repeat(100) }], max_tokens: 7 }, 100, 7],
    ["of several answers", { messages: [], n: 3, max_completion_tokens: 10, max_tokens: 99 }, 0, 30],
    ["of several prompts", { prompt: ["abc", "abc"], max_tokens: 10 }, 2, 20],
    ["of an answer without limit", { messages: [] }, 0, 1_024],
    ["of a limit below 0", { messages: [], max_tokens: -5 }, 0, 1_024],
    ["of a limit that is none", { messages: [], max_tokens: "9" }, 0, 1_024],
    ["of a limit beyond all", { messages: [], max_tokens: 1e300, n: 1e300 }, 0, 1e9],
    [
      "of a picture",
      {
        messages: [{ content: [{ image_url: { url: `data:image/png;base64,${"A".repeat(9_000)}` } }] }],
        max_tokens: 1
      },
      1_500,
      1
    ],
    ["of embeddings", { input: "abc" }, 1, 0]
  ])("%s are estimated", (_, request, input, output) => {
    expect(Estimate.of({ model: "m", ...request })).toEqual({ input, output })
  })

  it("of a request as deep as its size are estimated", () => {
    let deep: unknown = "abc"
    for (let level = 0; level < 100_000; level++) deep = [deep]
    expect(Estimate.of({ model: "m", messages: deep } as never).input).toBe(1)
  })
})

describe("money", () => {
  const prices = { m1: { input: 1_000_000, output: 1_000_000, currency: "CNY" } }

  it("is taken at the price, and settled by what was billed", async () => {
    const { url } = await serve(answerJson(billed), {
      config: limited({ costPerMonth: 100 }, { prices }),
      clock: "virtual"
    })
    expect((await ask(url, { max_tokens: 80 })).status).toBe(200)
    expect((await ask(url, { max_tokens: 70 })).status).toBe(200)
    const refused = await ask(url, { max_tokens: 80 })
    expect([refused.status, refused.body.error.code]).toEqual([429, "insufficient_quota"])
    expect(refused.body.error.message).toContain("70 are left")
  })

  it.each([
    ["none", {}],
    ["one in another currency", { m1: { ...prices.m1, currency: "USD" } }],
    ["none at the fallback", { "vendor/m1": prices.m1 }]
  ])("lets no model pass that has %s", async (what, given) => {
    const fallback = what === "none at the fallback" ? [{ provider: "vendor", model: "m2" }] : []
    const { upstream, url } = await serve(answerJson(billed), {
      config: limited(
        { costPerDay: 1 },
        { prices: given, routes: config.routes.map((route) => ({ ...route, fallback })) }
      )
    })
    const refused = await ask(url)
    expect([refused.status, refused.body.error.code]).toEqual([403, "price_unknown"])
    expect(upstream.sent).toEqual([])
  })
})

it("a reload changes limits and loses neither counts nor what is under way", async () => {
  const { reload, upstream, url } = await serveLimited({ requestsPerMinute: 2, concurrency: 5 }, silent)
  const first = chat(url, {}, key)
  await upstream.until(() => upstream.sent.length === 1)
  await reload(limited({ requestsPerMinute: 3, concurrency: 1 }))
  expect((await ask(url)).body.error.message).toContain("1 requests under way")
  answerJson(billed)(upstream.sent[0]!)
  expect((await first).status).toBe(200)
  const second = chat(url, {}, key)
  await upstream.until(() => upstream.sent.length === 2)
  answerJson(billed)(upstream.sent[1]!)
  expect((await second).headers.get("x-ratelimit-remaining-requests")).toBe("1")
})

describe("keys", () => {
  it("may overlap, and are refused from when they expire", async () => {
    const next = `sha256:${createHash("sha256").update("us-demo-next").digest("hex")}`
    const { advance, url } = await serve(answerJson(billed), {
      config: withConsumer({ keys: [{ value: "us-demo-web", name: "old", expires: "1970-01-02" }, { value: next }] }),
      ...virtual
    })
    const newer = { headers: { authorization: "Bearer us-demo-next" } }
    expect((await ask(url)).status).toBe(200)
    expect((await chat(url, {}, newer)).status).toBe(200)
    await advance(86_400_000)
    const refused = await ask(url)
    expect([refused.status, refused.body.error.code]).toEqual([401, "invalid_api_key"])
    expect(refused.body.error.message).toContain("expired at 1970-01-02T00:00:00.000Z")
    expect((await chat(url, {}, newer)).status).toBe(200)
  })

  it("that are wrong too often close the door for a minute, but for consumers that came in meanwhile", async () => {
    const consumers = [
      { name: "web", keys: ["us-demo-web"] },
      { name: "late", keys: ["us-demo-late"] }
    ]
    const { advance, url } = await serve(answerJson(billed), { config: { ...config, consumers }, clock: "virtual" })
    const guess = async (value: string) =>
      (await chat(url, {}, { headers: { authorization: `Bearer ${value}` } })).status
    expect(await guess("wrong 0")).toBe(401)
    expect(await guess("us-demo-web")).toBe(200)
    for (let nth = 1; nth < Guesses.most; nth++) expect(await guess(`wrong ${nth}`)).toBe(401)
    const refused = await chat(url, {}, { headers: { authorization: "Bearer wrong" } })
    expect([refused.status, refused.headers.get("retry-after"), refused.headers.get("connection")]).toEqual([
      429,
      "60",
      "close"
    ])
    expect(await guess("us-demo-late")).toBe(429)
    expect(await guess("us-demo-web")).toBe(200)
    await advance(60_000)
    expect(await guess("us-demo-late")).toBe(200)
  })
})

it("a route that is not the consumer's is refused, and its models are not listed", async () => {
  const routes = [
    ...config.routes,
    { name: "other", match: { model: { exact: "m2" } }, targets: [{ provider: "vendor" }] }
  ]
  const { upstream, url } = await serve(answerJson(billed), { config: withConsumer({ routes: ["other"] }, { routes }) })
  const refused = await ask(url)
  expect([refused.status, refused.body.error.code]).toEqual([403, "route_not_allowed"])
  expect(upstream.sent).toEqual([])
  expect((await ask(url, { model: "m2" })).status).toBe(200)
  const one = async (id: string) => (await fetch(`${url}/v1/models/${id}`, key)).status
  expect([await one("m1"), await one("m2")]).toEqual([404, 200])
})

describe("addresses", () => {
  const of = (proxies: ReadonlyArray<string>, remoteAddress: string, forwarded?: string) =>
    Guesses.addresses(proxies)({ headers: { "x-forwarded-for": forwarded }, socket: { remoteAddress } } as never)

  it.each([
    ["nobody is believed unless stated", [], "10.0.0.1", "1.1.1.1", "10.0.0.1"],
    ["a proxy is", ["10.0.0.0/8"], "10.0.0.1", "1.1.1.1", "1.1.1.1"],
    ["a proxy in IPv6's dress is", ["10.0.0.0/8"], "::ffff:10.0.0.1", "1.1.1.1", "1.1.1.1"],
    ["the last that is no proxy counts", ["10.0.0.0/8"], "10.0.0.1", "9.9.9.9, 1.1.1.1, 10.2.0.1", "1.1.1.1"],
    ["what is no address ends it", ["10.0.0.0/8"], "10.0.0.1", "1.1.1.1, <script>", "10.0.0.1"],
    ["nothing is the proxy itself", ["10.0.0.1"], "10.0.0.1", undefined, "10.0.0.1"],
    ["a network of IPv6 is one address", [], "2001:db8:1:2:3:4:5:6", undefined, "2001:db8:1:2::/64"],
    ["however it is written", [], "2001:db8:1:2::6", undefined, "2001:db8:1:2::/64"]
  ])("%s", (_, proxies, remote, forwarded, address) => {
    expect(of(proxies, remote, forwarded)).toBe(address)
  })

  it("are forgotten, the oldest first", () => {
    const guesses = new Guesses.Guesses()
    for (let nth = 0; nth < Guesses.most; nth++) guesses.wrong("first", 0)
    expect(guesses.waitFor("first", "h", 1)).toBe(59_999)
    for (let nth = 0; nth < 10_000; nth++) guesses.wrong(`other ${nth}`, 1)
    expect(guesses.waitFor("first", "h", 1)).toBe(0)
  })
})
