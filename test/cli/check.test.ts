import { readFileSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { afterAll, beforeAll, expect, it } from "vitest"
import { run, temporaryFolder } from "./support.ts"

const good = "sk-demo-cli-good"
const bad = "sk-demo-cli-bad"

let server: MockServer.MockServer
beforeAll(async () => {
  server = await MockServer.listen(
    Vendors.make({ keys: { [good]: { vendor: "qwen" }, [`${good}-d`]: { vendor: "deepseek" } } })
  )
})
afterAll(() => server.close())

/** A folder with a configuration whose keys stand in the `.env` beside it. */
const configured = (keys: string): string => {
  const folder = temporaryFolder()
  writeFileSync(path.join(folder, ".env"), `QWEN_KEYS=${keys}\n`)
  writeFileSync(
    path.join(folder, "understudy.yaml"),
    `version: 1
providers:
  qwen: { type: qwen, baseUrl: "${server.urls.qwen}", keys: ["\${QWEN_KEYS}"] }
  deepseek: { type: deepseek, baseUrl: "${server.urls.deepseek}", keys: ["${good}-d"] }
routes:
  - { name: aliyun, match: { model: { prefix: qwen- } }, targets: [{ provider: qwen }], fallback: [{ provider: deepseek, model: deepseek-chat }] }
  - { name: vip, match: { model: { prefix: qwen- }, headers: { x-tier: vip } }, targets: [{ provider: deepseek }] }
`
  )
  return folder
}

it.concurrent("says that every key is well, reading .env beside the configuration", async () => {
  const { code, stdout } = await run(["check"], { cwd: configured(good) })
  expect(stdout).toContain("All 2 keys are well.")
  expect(code).toBe(0)
})

it.concurrent("names a bad key by its id, with the reason and what the vendor says, and exits with 1", async () => {
  const folder = configured(`${good},${bad}`)
  const { code, stderr, stdout } = await run(["check", "--config", path.join(folder, "understudy.yaml")])
  expect(code).toBe(1)
  expect(stderr).toContain("Checking 3 keys")
  expect(stdout).toMatch(/qwen +k\w{3} +Unauthorized: the key is wrong or was revoked +\d+ ms +Incorrect API key/)
  expect(stdout).toContain("1 of 3 keys cannot be used.")
  expect(stdout + stderr).not.toContain(bad)
})

it.concurrent("blames no key where no vendor could be reached", async () => {
  const folder = configured(good)
  const file = path.join(folder, "understudy.yaml")
  const nowhere = "http://127.0.0.1:1"
  const text = readFileSync(file, "utf8").replace(server.urls.qwen, nowhere).replace(server.urls.deepseek, nowhere)
  writeFileSync(file, text)
  const { code, stdout } = await run(["check"], { cwd: folder })
  expect(code).toBe(1)
  expect(stdout).toContain("No vendor could be reached")
  expect(stdout).not.toContain("cannot be used")
})

it.concurrent("tells a machine the same as JSON", async () => {
  const { code, stdout } = await run(["check", "--json"], { cwd: configured(bad) })
  expect(code).toBe(1)
  const report = JSON.parse(stdout) as { readonly ok: boolean; readonly keys: ReadonlyArray<object> }
  expect(report.ok).toBe(false)
  expect(report.keys).toMatchObject([
    { provider: "qwen", ok: false, reason: "Unauthorized", status: 401 },
    { provider: "deepseek", ok: true, reason: null }
  ])
})

it.concurrent("says which file is missing and how to write one", async () => {
  const { code, stderr } = await run(["check"], { cwd: temporaryFolder() })
  expect(code).toBe(1)
  expect(stderr).toContain("understudy.yaml")
  expect(stderr).toMatch(/Run `.+ init` to write one/)
  expect(stderr).not.toMatch(/^\s+at /m)
})

it.concurrent("explains a model as JSON: the route, why the others were not taken, targets and keys in order", async () => {
  const { code, stdout } = await run(["explain", "qwen-max", "--json"], { cwd: configured(good) })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    route: "aliyun",
    considered: [
      { route: "aliyun", because: "taken" },
      { route: "vip", because: 'header x-tier is not "vip"' }
    ],
    targets: [
      { role: "target", provider: "qwen", model: "qwen-max", keys: [{ state: "Available" }] },
      { role: "fallback", provider: "deepseek", model: "deepseek-chat" }
    ]
  })
})

it.concurrent("explains that no route takes a model, and exits with 1", async () => {
  const { code, stdout } = await run(["explain", "gpt-4o", "--header", "X-Tier=vip", "--lang", "zh"], {
    cwd: configured(good)
  })
  expect(code).toBe(1)
  expect(stdout).toContain("404 model_not_found")
  expect(stdout).toContain("模型不是 qwen-*")
})

const broken = (): string => {
  const folder = temporaryFolder()
  writeFileSync(
    path.join(folder, "understudy.yaml"),
    `version: 1
server: { prot: 8080 }
providers:
  qwen: { type: qwen, keys: ["\${CLI_TEST_NOT_SET}"] }
routes:
  - { name: a, match: { model: { prefix: q } }, targets: [{ provider: quen }] }
`
  )
  return folder
}

it.concurrent.each([
  ["en", ['did you mean "port"?', "CLI_TEST_NOT_SET is not set", '"quen" is not configured', "3 problems"]],
  ["zh", ["是不是想写“port”？", "环境变量 CLI_TEST_NOT_SET 没有设置", "没有名为“quen”的厂商", "3 处问题"]]
] as const)("tells everything that is wrong with a configuration at once, in %s", async (lang, says) => {
  const { code, stderr, stdout } = await run(["check", "--lang", lang], { cwd: broken() })
  expect(code).toBe(1)
  expect(stdout).toBe("")
  for (const each of says) expect(stderr).toContain(each)
  expect(stderr.match(/understudy\.yaml:\d+:\d+/g)).toEqual([
    "understudy.yaml:2:11",
    "understudy.yaml:4:30",
    "understudy.yaml:6:71"
  ])
})

it.concurrent.each([
  "check",
  "explain"
])("prints JSON for %s --json also when the configuration is wrong or missing", async (command) => {
  const args = command === "explain" ? [command, "qwen-max", "--json"] : [command, "--json"]
  const wrong = await run(args, { cwd: broken() })
  expect(wrong.code).toBe(1)
  expect(JSON.parse(wrong.stdout)).toMatchObject({
    config: "understudy.yaml",
    ok: false,
    problems: [
      { path: "server.prot", line: 2, column: 11, problem: "UnknownSetting" },
      { line: 4, column: 30, problem: "UnsetVariable" },
      { path: "routes[0].targets[0].provider", line: 6, problem: "UnknownProvider" }
    ]
  })
  const missing = await run(args, { cwd: temporaryFolder() })
  expect(missing.code).toBe(1)
  expect(JSON.parse(missing.stdout)).toMatchObject({ ok: false, problems: [{ problem: "NoFile", line: null }] })
})

it.concurrent("warns of models that no vendor lists: of targets, fallbacks, aliases and names, each at its place", async () => {
  const folder = temporaryFolder()
  writeFileSync(
    path.join(folder, "understudy.yaml"),
    `version: 1
providers:
  qwen: { type: qwen, baseUrl: "${server.urls.qwen}", keys: ["${bad}", "${good}"] }
  deepseek:
    type: deepseek
    baseUrl: "${server.urls.deepseek}"
    keys: ["${good}-d"]
    aliases: { fast: deepseek-flsh, deepseek-chat: deepseek-flash }
routes:
  - { name: a, match: { model: { exact: qwen3.7-pluss } }, targets: [{ provider: qwen }] }
  - name: b
    match: { model: { prefix: qwen } }
    targets: [{ provider: qwen, model: qwen3.8-max }, { provider: qwen }]
    fallback: [{ provider: deepseek, model: deepseek-chat }, { provider: deepseek, model: gpt-4o }]
models: { planner: { model: qwen-plus }, worker: { model: qwen-plsu } }
`
  )
  const { code, stdout } = await run(["check", "--json"], { cwd: folder })
  expect(code).toBe(1)
  const { models } = JSON.parse(stdout) as { readonly models: ReadonlyArray<{ readonly listed: boolean }> }
  expect(models.filter(({ listed }) => listed)).toMatchObject([
    { path: "providers.deepseek.aliases.deepseek-chat", model: "deepseek-flash" },
    { path: "routes[1].targets[0].model", model: "qwen3.8-max" },
    { path: "models.planner.model", model: "qwen-plus" }
  ])
  expect(models.filter(({ listed }) => !listed)).toMatchObject([
    { path: "providers.deepseek.aliases.fast", model: "deepseek-flsh", meant: "deepseek-flash", line: 8, column: 22 },
    { path: "routes[0].match.model.exact", model: "qwen3.7-pluss", meant: "qwen3.7-plus", line: 10 },
    { path: "routes[1].fallback[1].model", provider: "deepseek", model: "gpt-4o", meant: null, line: 14 },
    { path: "models.worker.model", model: "qwen-plsu", meant: "qwen-plus", line: 15 }
  ])
  const text = await run(["check", "--lang", "zh"], { cwd: folder })
  expect(text.stdout).toContain("qwen 的模型列表里没有“qwen3.7-pluss”；是不是想写“qwen3.7-plus”？")
})

it.concurrent("warns of fallbacks that hold less than what they stand in for", async () => {
  const folder = temporaryFolder()
  writeFileSync(
    path.join(folder, "understudy.yaml"),
    `version: 1
providers:
  qwen: { type: qwen, baseUrl: "${server.urls.qwen}", keys: ["${good}"], contextLengths: { qwen-turbo: 950000 } }
  deepseek: { type: deepseek, baseUrl: "${server.urls.deepseek}", keys: ["${good}-d"] }
routes:
  - name: a
    match: { model: { prefix: deepseek- } }
    targets: [{ provider: deepseek }]
    fallback: [{ provider: qwen, model: qwen-max }, { provider: qwen, model: qwen3.8-flash }, { provider: qwen, model: qwen-turbo }]
models: { planner: { model: deepseek-flash } }
`
  )
  const { code, stdout } = await run(["check", "--json"], { cwd: folder })
  expect(code).toBe(0)
  expect(JSON.parse(stdout).smallerFallbacks).toEqual([
    expect.objectContaining({ model: "qwen-max", holds: 30_720, for: "deepseek-flash", held: 1_000_000, line: 9 })
  ])
  const text = await run(["check"], { cwd: folder })
  expect(text.stdout).toContain('routes[0].fallback[0].model: "qwen-max" holds 30720 tokens')
})

it.concurrent("knows what stands for a retired name, and does not fail for it", async () => {
  const today = await MockServer.listen(Vendors.make({ catalogue: "2026", keys: { [good]: { vendor: "deepseek" } } }))
  const folder = temporaryFolder()
  writeFileSync(
    path.join(folder, "understudy.yaml"),
    `version: 1
providers: { deepseek: { type: deepseek, baseUrl: "${today.urls.deepseek}", keys: ["${good}"] } }
routes: [{ name: a, match: { model: { prefix: "" } }, targets: [{ provider: deepseek, model: deepseek-chat }] }]
`
  )
  const { code, stdout } = await run(["check"], { cwd: folder })
  await today.close()
  expect(stdout).toMatch(
    /warning {2}understudy\.yaml:3:\d+ .*deepseek lists no model "deepseek-chat"; did you mean "deepseek-flash"\?/
  )
  expect(code).toBe(0)
})
