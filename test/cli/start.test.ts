import { spawnSync } from "node:child_process"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type Ended, launch, type Running, understudy } from "./support.ts"

const hasCurl = spawnSync("curl", ["--version"]).status === 0

/** Where curl is missing: as much of it as the demonstrations use. */
const curl = `#!/usr/bin/env node
const [headers, flags, take] = [{}, new Set(), process.argv.slice(2)]
let url, body, method, after = "", silent = false
while (take.length > 0) {
  const arg = take.shift()
  if (arg === "-H") { const [name, value] = take.shift().split(": "); headers[name] = value }
  else if (arg === "-d") body = take.shift()
  else if (arg === "-X") method = take.shift()
  else if (arg === "-w") after = take.shift().replace("\\\\n", "\\n")
  else if (arg === "-o") silent = take.shift() !== ""
  else if (arg.startsWith("-")) flags.add(arg)
  else url = arg
}
const response = await fetch(url, { method: method ?? (body === undefined ? "GET" : "POST"), headers, body })
let head = ""
if ([...flags].some((flag) => flag.includes("i"))) {
  head = "HTTP/1.1 " + response.status + "\\r\\n"
  for (const [name, value] of response.headers) head += name + ": " + value + "\\r\\n"
}
const text = await response.text()
if (!silent) process.stdout.write(head + text + after)
`

let [bin, start] = ["", undefined as Running | undefined]
let blocks: ReadonlyArray<string> = []

const parse = (output: string): ReadonlyArray<string> =>
  [...output.matchAll(/^# \d+\. .*\n((?:.+\n)+)/gm)].map(([, lines = ""]) => lines)

const paste = async (lines: string): Promise<Ended> => {
  const { ended } = launch("bash", ["-c", `PATH="${bin}:$PATH"\n${lines}`])
  const result = await ended
  expect(result.stderr).toBe("")
  return result
}

beforeAll(async () => {
  bin = mkdtempSync(path.join(tmpdir(), "understudy-curl-"))
  if (!hasCurl) {
    writeFileSync(path.join(bin, "curl"), curl)
    writeFileSync(path.join(bin, "package.json"), '{"type":"module"}')
    chmodSync(path.join(bin, "curl"), 0o755)
  }
  start = understudy(["start", "--port", "0", "--mock-port", "0"], { env: { LC_ALL: "zh_CN.UTF-8" } })
  await start.until(/按 Ctrl-C 停止/)
  blocks = parse(start.stdout())
})

afterAll(() => {
  start?.child.kill("SIGKILL")
  rmSync(bin, { recursive: true, force: true })
})

/** Who answered each of the JSON answers. */
const models = (output: string): ReadonlyArray<string> =>
  output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => (JSON.parse(line) as { readonly model: string }).model)

/** What each demonstration says, as a check of its output; `broken` tells whether Qwen's keys are. */
const claims: ReadonlyArray<(output: string, broken: boolean) => void> = [
  (output) => expect(models(output)).toEqual(["deepseek-flash", "deepseek-chat"]),
  (output, broken) =>
    expect(models(output)).toEqual(broken ? ["deepseek-flash", "deepseek-flash"] : ["qwen3.8-flash", "qwen-turbo"]),
  (output, broken) => expect(models(output)).toEqual([broken ? "deepseek-flash" : "qwen3.8-max"]),
  (output) => expect(models(output)).toEqual(["deepseek-flash"]),
  (output, broken) => {
    const trails = output.trimEnd().split(/\r?\n/)
    const last = broken ? "deepseek/deepseek-flash" : "qwen/qwen3.8-flash"
    expect(trails).toHaveLength(6)
    for (const trail of trails) expect(trail).toMatch(new RegExp(`${last}#k\\w+ ok \\d+ms$`))
    expect(trails.filter((trail) => /#k\w+ Unauthorized/.test(trail)).length).toBeLessThanOrEqual(1)
  },
  (output) => {
    expect(models(output)).toEqual(["deepseek-flash"])
    expect(output).toContain('data: {"id"')
    expect(output).not.toMatch(/^data: \{.*"model":"qwen/m)
    expect(output).toMatch(/data: \[DONE\]\s*$/)
  },
  (output) => expect(models(output)).toEqual(["qwen3.8-flash"]),
  (output) => expect(models(output)).toEqual(["qwen3.8-flash", "deepseek-flash"]),
  (output) => {
    const { data } = JSON.parse(output) as { readonly data: ReadonlyArray<{ readonly id: string }> }
    expect(data.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["deepseek-flash", "qwen3.8-max", "qwen-turbo", "qwq-32b", "text-embedding-v4"])
    )
  },
  (output) => expect(output).toMatch(/aliyun[\s\S]+qwen\/qwen3\.8-flash[\s\S]+deepseek\/deepseek-flash/)
]

/** Pastes demonstrations by number, and holds each to what it says. */
const pasteAll = async (numbers: ReadonlyArray<number>): Promise<void> => {
  let broken = false
  for (const number of numbers) {
    if (number === 6) broken = true
    if (number === 7 || number === 8) broken = false
    const { stdout } = await paste(blocks[number - 1] ?? "false")
    claims[number - 1]?.(stdout, broken)
  }
}

it("shows everything on one screen in Chinese, without an account", () => {
  expect(blocks).toHaveLength(claims.length)
  expect(start?.stdout()).toContain("无需账号")
  expect(start?.stdout()).not.toContain("\u001b")
})

it("keeps what every demonstration says when they are pasted in order", () => pasteAll([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))

it("keeps it in another order and repeatedly", () => pasteAll([6, 2, 5, 8, 1, 6, 6, 4, 3, 7, 2, 9]))

it("answers lines with names of 2025 with and without a key, and logs who answered", async () => {
  const gateway = /http:\/\/127\.0\.0\.1:\d+(?=\/v1)/.exec(start?.stdout() ?? "")?.[0]
  for (const authorization of ["", "Bearer cbfda275-56ff-4d45-a984-6482502e2f25"]) {
    const response = await fetch(`${gateway}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(authorization === "" ? {} : { authorization }) },
      body: JSON.stringify({ model: "deepseek-chat", messages: [{ role: "user", content: "你是谁!" }] })
    })
    expect(response.status).toBe(200)
  }
  await start?.until(/200 +\d+ ms +deepseek-chat +→ deepseek\/deepseek-chat#k\w+ ok/)
})

it("moves the mock vendors to the next free port, and names a taken port of the gateway", async () => {
  const [, gateway = "", mock = ""] =
    /:(\d+)\/v1[\s\S]+?http:\/\/127\.0\.0\.1:(\d+)\n/.exec(start?.stdout() ?? "") ?? []
  const { code, stderr } = await understudy(["start", "--port", gateway, "--mock-port", mock]).ended
  expect(code).toBe(1)
  expect(stderr).toContain(
    `Cannot listen on 127.0.0.1:${gateway}: the port is taken. Another Understudy is listening there.`
  )
  expect(stderr).toContain(`start --port ${Number(gateway) + 1}`)
})

it("talks to the real vendors whose keys are set, keeps retired names working, and leaves the others out", async () => {
  const key = "sk-demo-start-deepseek"
  const vendor = await MockServer.listen(Vendors.make({ catalogue: "2026", keys: { [key]: { vendor: "deepseek" } } }))
  const env = { DEEPSEEK_API_KEY: key, DEEPSEEK_BASE_URL: vendor.urls.deepseek }
  const real = understudy(["start", "--port", "0"], { env })
  await real.until(/Ctrl-C stops/)
  const output = real.stdout()
  expect(output).toContain("is left out: DASHSCOPE_API_KEY is not set.")
  expect(output).toContain("deepseek-chat, deepseek-reasoner were retired")
  expect(output).toMatch(/deepseek: k\w{3}\n/)
  expect(output).not.toMatch(/_mock|"qwen-|sk-demo-start/)
  const [first = "", second = ""] = parse(output)
  expect(models((await paste(first)).stdout)).toEqual(["deepseek-flash", "deepseek-flash"])
  expect(models((await paste(second)).stdout)).toEqual(["deepseek-flash"])
  await real.until(/→ deepseek\/deepseek-flash#k\w+ ok/)
  expect((await real.interrupt()).code).toBe(0)
  await vendor.close()
})

it("stops within two seconds of Ctrl-C and exits with 0", async () => {
  const ended = await start?.interrupt()
  expect(ended?.code).toBe(0)
  expect(ended?.millis).toBeLessThan(2_000)
})
