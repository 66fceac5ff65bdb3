/** Consumers as they are written: keys, routes, limits. */
import { createHash } from "node:crypto"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"

const read = (consumer: unknown, server: unknown = {}) =>
  Effect.runPromise(
    UnderstudyConfig.fromOptions({
      version: 1,
      server,
      providers: { local: { type: "openai-compatible", baseUrl: "http://local.test" } },
      routes: [{ name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "local" }] }],
      consumers: [consumer]
    } as never).pipe(
      Effect.catchTag("ConfigError", ({ issues }) =>
        Effect.succeed(issues.map(({ message, path }) => [path.join("."), message]))
      )
    )
  )

const digest = createHash("sha256").update("us-demo-1").digest("hex")

it("keeps the hashes of keys alone, with what they are called and when they expire", async () => {
  const keys = [
    "us-demo-1 ",
    { value: `sha256:${"A".repeat(64)}`, name: "laptop", expires: "2027-01-31T18:00:00+08:00" }
  ]
  const config = await read({ name: "web", keys, routes: ["all"], limits: { requestsPerMinute: 5, costPerDay: 0.5 } })
  expect(config).toMatchObject({
    consumers: [
      {
        name: "web",
        keys: [
          { hash: digest, name: undefined, expires: undefined },
          { hash: "a".repeat(64), name: "laptop", expires: Date.UTC(2027, 0, 31, 10) }
        ],
        routes: ["all"],
        limits: { requestsPerMinute: 5, costPerDay: 0.5, currency: "CNY" }
      }
    ]
  })
  expect(JSON.stringify(config)).not.toContain("us-demo-1")
})

it.each([
  [{ keys: [{ value: "us-demo-1", expires: "tomorrow" }] }, "consumers.0.keys.0.expires"],
  [{ keys: [{ value: "us-demo-1", expires: "2027-13-01" }] }, "consumers.0.keys.0.expires"],
  [{ keys: [{ value: "sha256:12" }] }, "consumers.0.keys.0.value"],
  [{ keys: ["us-demo-1", { value: `sha256:${digest}` }] }, "consumers.0.keys"],
  [{ keys: ["us-demo-1"], routes: ["al"] }, "consumers.0.routes.0"],
  [{ keys: ["us-demo-1"], limits: { tokensPerDay: -1 } }, "consumers.0.limits.tokensPerDay"],
  [{ keys: ["us-demo-1"], limits: { concurrency: 0 } }, "consumers.0.limits.concurrency"]
])("refuses %j", async (consumer, path) => {
  expect(await read({ name: "web", ...consumer })).toEqual([[path, expect.any(String)]])
})

it.each([
  "10.0.0.0/33",
  "10.0.0",
  "fe80::/129",
  "10.0.0.0/",
  "proxy.test",
  ""
])("takes no %j for a network", async (network) => {
  const issues = await read({ name: "web", keys: ["us-demo-1"] }, { trustedProxies: [network] })
  expect(issues).toEqual([["server.trustedProxies.0", expect.stringContaining("an address or a network")]])
})

it.each(["10.0.0.0/8", "10.0.0.1", "fd00::/8", "::1"])("takes %j for a network", async (network) => {
  expect(await read({ name: "web", keys: ["us-demo-1"] }, { trustedProxies: [network] })).toMatchObject({
    server: { trustedProxies: [network] }
  })
})
