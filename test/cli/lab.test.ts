import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { type AddressInfo, createServer as createSocket } from "node:net"
import * as path from "node:path"
import * as Cassette from "@understudy/lab/record/Cassette"
import { expect, it } from "vitest"
import { run, temporaryFolder, understudy } from "./support.ts"

const written = (name: string, text: string): string => {
  const file = path.join(temporaryFolder(), name)
  writeFileSync(file, text)
  return file
}

const down = `name: all-down
teaches: { en: Both vendors are down., zh: 两家都坏了。 }
faults: [{ kind: server.error }]
traffic: { model: qwen-plus, every: 1s, for: 5s }
`

it.concurrent("lists the scenarios that have all the words, with what they teach in the reader's language", async () => {
  const { code, stderr, stdout } = await run(["lab", "list", "auth.invalid", "deepseek", "--lang", "zh"])
  expect(code).toBe(0)
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")[0])
  ).toEqual(["auth.invalid@deepseek"])
  expect(stdout).toMatch(/3m58s +120 次调用 +DeepSeek 的两个/)
  expect(stderr).toContain("列出 1 个")
})

it.concurrent("checks files, names every problem with its place and the way out, and exits with 1", async () => {
  const bad = written("bad.yaml", down.replace("server.error", "server.eror").replace("5s", "5"))
  const { code, stdout } = await run(["lab", "lint", written("good.yaml", down), bad])
  expect(code).toBe(1)
  expect(stdout).toMatch(/✓ \S+good\.yaml: 1 scenario, nothing wrong/)
  expect(stdout).toContain(
    `${bad}:3:18  faults[0].kind: "server.eror" is not possible here: did you mean "server.error"?`
  )
  expect(stdout).toContain(`${bad}:4:`)
})

// Two processes, one after the other.
it.concurrent("runs files and names, shows what failed, writes every report, and replays it to the same end", async () => {
  const folder = temporaryFolder()
  const [report, summary] = [path.join(folder, "new/report"), path.join(folder, "summary.md")]
  const { code, stderr, stdout } = await run(
    ["lab", "run", written("down.yaml", down), "auth.invalid@q*", "--report", report],
    {
      env: { GITHUB_STEP_SUMMARY: summary }
    }
  )
  expect(code).toBe(1)
  expect(stdout).toMatch(/^✗ all-down +0% +5 calls/m)
  expect(stdout).toContain("Both vendors are down.")
  expect(stdout).toMatch(/^ +npx understudy lab run \S+down\.yaml --seed 42$/m)
  expect(stdout).toContain("1. low-availability")
  expect(stdout).toMatch(/^✓ auth\.invalid@qwen +100% +120 calls/m)
  expect(stdout).toMatch(/^understudy +1 +1 +1 /m)
  expect(stdout + stderr).not.toContain("\u001b")
  for (const name of ["report.html", "report.json", "junit.xml", "summary.md"]) {
    expect(existsSync(path.join(report, name))).toBe(true)
    expect(stderr).toContain(`Report: ${path.join(report, name)}`)
  }
  expect(readFileSync(summary, "utf8")).toContain("1 failed")
  const again = await run(["lab", "replay", path.join(report, "report.json")])
  expect(again.code).toBe(0)
  expect(again.stdout).toContain("all-down  identical: the same figures and findings")
  expect(again.stdout).toContain("2 of 2 runs came out the same.")
}, 60_000)

// Four processes, one after the other.
it.concurrent("allows known failures, runs them alone, and stops at the first one that is none", async () => {
  const report = path.join(temporaryFolder(), "report")
  const lab = ["lab", "run", written("down.yaml", down), "auth.invalid@qwen"]
  const stopped = await run([...lab, "--fail-fast", "--report", report, "--format", "json"])
  expect([stopped.code, stopped.stdout.includes("auth.invalid@qwen")]).toEqual([1, false])
  expect(stopped.stderr).toContain("Stopped at the first failure: 1 of 2 scenarios were run.")
  const known = await run([...lab, "--fail-fast", "--baseline", path.join(report, "report.json")])
  expect([known.code, known.stdout.includes("✓ auth.invalid@qwen")]).toEqual([0, true])
  expect(known.stderr).toContain("Fails as in the baseline: all-down")
  const alone = await run([...lab, "--only-failed", "--report", report, "--lang", "zh"])
  expect([alone.code, alone.stdout.includes("auth.invalid@qwen")]).toEqual([1, false])
  const nowhere = await run([...lab, "--only-failed"])
  expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining("with --report")])
}, 60_000)

it.concurrent("says what could be run when nothing is named, and exits with 2", async () => {
  const { code, stderr, stdout } = await run(["lab", "run"])
  expect(code).toBe(2)
  expect(stdout).toBe("")
  expect(stderr).toMatch(/the library's \d+ scenarios/)
  expect(stderr).toContain("lab list")
})

it.concurrent("says that a report cannot be written before it runs anything", async () => {
  const file = written("down.yaml", down)
  const { code, stderr, stdout } = await run(["lab", "run", file, "--report", path.join(file, "inside")])
  expect(code).toBe(1)
  expect(stdout).toBe("")
  expect(stderr).toContain("a part of its path is a file")
})

it.concurrent("ends at Ctrl-C with 130 and reports what was finished", async () => {
  const report = path.join(temporaryFolder(), "report")
  const args = ["lab", "run", "auth.invalid@qwen", "day-of-outages@qwen", "--report", report, "--format", "json"]
  const lab = understudy(args)
  await lab.until(/auth\.invalid@qwen/)
  const { code, stderr, stdout } = await lab.interrupt()
  expect(code).toBe(130)
  expect(stderr).toContain("Broken off: 1 of 2 scenarios were finished.")
  expect(stdout).toMatch(/^understudy +1 +0 /m)
  expect(JSON.parse(readFileSync(path.join(report, "report.json"), "utf8")).runs).toHaveLength(1)
})

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createSocket().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

it.concurrent("tests a gateway in real time, once it has said how it must be set up", async () => {
  const port = await freePort()
  // A gateway that has a single key and no second thought.
  const gateway = createServer(async (request, response) => {
    const url = `http://127.0.0.1:${port}/qwen/compatible-mode/v1/chat/completions`
    const headers = { authorization: "Bearer sk-demo-qwen-1", "content-type": "application/json" }
    const body = await new Response(request as never).text()
    const answer = request.method === "POST" ? await fetch(url, { method: "POST", headers, body }) : new Response("")
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text())
  })
  await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve))
  const { port: own } = gateway.address() as AddressInfo
  const short = written(
    "short.yaml",
    down
      .replace("server.error }]", "overload.fast, ordinals: [2] }]")
      .replace("every: 1s, for: 5s", "every: 50ms, for: 200ms")
  )
  const args = [short, "day-of-outages@qwen", "--target", `http://127.0.0.1:${own}`, "--port", String(port)]
  args.push("--mock-host", "localhost")
  const { code, stderr, stdout } = await run(["lab", "run", ...args])
  gateway.close()
  expect(code).toBe(1)
  expect(stderr).toContain("Left out: day-of-outages@qwen: lasts 23h59m59s in real time")
  expect(stderr).toMatch(new RegExp(`qwen +base URL +http://localhost:${port}/qwen/compatible-mode/v1`))
  expect(stderr).toContain("1 scenario in real time")
  expect(stdout).toContain("real sockets")
  expect(stdout).toContain("1. low-availability")
  expect(stdout).toContain(
    `lab run ${short} --seed 42 --target http://127.0.0.1:${own} --port ${port} --mock-host localhost`
  )
})

/** Hands everything on to the mocked Qwen with one key, and writes down who asked. */
const gateway = `
import { appendFileSync } from "node:fs"
import { createServer } from "node:http"
const { UNDERSTUDY_LAB_MOCK: mock, UNDERSTUDY_LAB_PORT: port, UNDERSTUDY_LAB_SCENARIO: scenario, SEEN } = process.env
createServer(async (request, response) => {
  let body = ""
  for await (const part of request) body += part
  if (request.method !== "POST") return response.end()
  appendFileSync(SEEN, scenario + " " + request.headers["x-tenant"] + "\\n")
  const headers = { authorization: "Bearer sk-demo-" + scenario, "content-type": "application/json" }
  const answer = await fetch(mock + "/qwen/compatible-mode/v1/chat/completions", { method: "POST", headers, body })
  response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text())
}).listen(Number(port), "127.0.0.1")
`

it.concurrent("gives each scenario a fresh gateway with its own keys, several at once, and ends them all", async () => {
  const [seen, script] = [written("seen.txt", ""), written("gateway.mjs", gateway)]
  const files = ["one", "two"].map((name) =>
    written(
      `${name}.yaml`,
      `name: ${name}
teaches: { en: Nothing is wrong., zh: 一切正常。 }
keys: { ${name}: { vendor: qwen } }
traffic: { model: qwen-plus, every: 50ms, for: 200ms }
`
    )
  )
  const ports = [await freePort(), await freePort()] as const
  const args = ["--target", `http://127.0.0.1:${ports[0]}`, "--port", String(ports[1]), "--header", "x-tenant=acme"]
  args.push("--before-each", `"${process.execPath}" ${script} &`, "--concurrency", "2")
  const { code, stderr, stdout } = await run(["lab", "run", ...files, ...args], { env: { SEEN: seen } })
  expect(stderr).toContain("2 scenarios in real time")
  expect(stdout).toMatch(/one +100% +4 calls/)
  expect(stdout).toMatch(/two +100% +4 calls/)
  expect(code).toBe(0)
  const lines = readFileSync(seen, "utf8").trim().split("\n")
  expect(new Set(lines)).toEqual(new Set(["one acme", "two acme"]))
  await expect(fetch(`http://127.0.0.1:${ports[0]}`)).rejects.toThrow()
})

it.concurrent("serves a scenario to tests in any language, with recorded answers where they fit", async () => {
  const content = '{"choices":[{"message":{"content":"as it was"},"finish_reason":"stop"}]}'
  const exchange: Cassette.Exchange = {
    asked: { path: "/chat/completions", options: {}, body: "9f86d081884c7d65" },
    waited: 0,
    recording: {
      ...{ vendor: "qwen", model: "qwen-of-next-year", stream: false, status: 200, headers: [], end: "complete" },
      frames: [{ after: 0, data: content }]
    }
  }
  const cassette = written("cassette.json", Cassette.encode([exchange]))
  const scenario = ["--scenario", "auth.invalid@qwen", "--recordings", cassette]
  const mock = understudy(["mock", "serve", ...scenario, "--port", "0"])
  await mock.until(/Ctrl-C stops/)
  const [, url = ""] = /curl -sS (\S+)\/_mock\/state/.exec(mock.stdout()) ?? []
  const state = (await (await fetch(`${url}/_mock/state`)).json()) as { readonly keys: ReadonlyArray<object> }
  expect(state).toMatchObject({ scenario: "auth.invalid@qwen", phase: "" })
  expect(state.keys[0]).toMatchObject({ name: "qwen-1", state: "invalid" })
  const answer = await fetch(`${url}/qwen/compatible-mode/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: "Bearer sk-demo-qwen-2" },
    body: JSON.stringify({ model: "qwen-of-next-year", messages: [{ role: "user", content: "Hello" }] })
  })
  expect(await answer.text()).toBe(content)
  expect((await mock.interrupt()).code).toBe(0)
})
