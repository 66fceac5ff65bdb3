import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import * as path from "node:path"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import { root, run, temporaryFolder } from "./support.ts"

const keys = { deepseek: "sk-demo-init-deepseek", qwen: "sk-demo-init-qwen", bad: "sk-demo-init-bad" }

let server: MockServer.MockServer
beforeAll(async () => {
  server = await MockServer.listen(
    Vendors.make({ keys: { [keys.deepseek]: { vendor: "deepseek" }, [keys.qwen]: { vendor: "qwen" } } })
  )
})
afterAll(() => server.close())

const read = (folder: string, name: string): string => readFileSync(path.join(folder, name), "utf8")

/** The variables that the mocks stand behind. */
const withMocks = (deepseek: string, qwen: string) => ({
  DEEPSEEK_API_KEY: deepseek,
  DASHSCOPE_API_KEY: qwen,
  DEEPSEEK_BASE_URL: server.urls.deepseek,
  DASHSCOPE_BASE_URL: server.urls.qwen
})

/** A port where nobody listens. */
const deadPort = (): Promise<number> =>
  new Promise((resolve) => {
    const listener = createServer().listen(0, "127.0.0.1", () => {
      const address = listener.address()
      listener.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

it.concurrent("writes a configuration that loads, keys in an .env that only its owner reads, and shows no secret", async () => {
  const folder = temporaryFolder()
  mkdirSync(path.join(folder, ".git"))
  writeFileSync(path.join(folder, ".env"), "OTHER=kept\n")
  const { code, stderr, stdout } = await run(["init", "--yes", "--dir", folder, "--with-consumer-key"], {
    env: withMocks(keys.deepseek, `${keys.qwen},${keys.bad}`)
  })
  expect(code).toBe(0)
  expect(stdout).toContain("Unauthorized: the key is wrong or was revoked")
  const env = read(folder, ".env")
  expect(env).toContain("OTHER=kept")
  expect(env).toContain(`DASHSCOPE_API_KEY=${keys.qwen},${keys.bad}`)
  expect(statSync(path.join(folder, ".env")).mode & 0o777).toBe(0o600)
  expect(read(folder, ".gitignore")).toBe(".env\n")
  expect(read(folder, "understudy.yaml")).toMatch(/^# yaml-language-server: \$schema=\.\/understudy\.schema\.json\n/)
  const consumerKey = /UNDERSTUDY_CONSUMER_KEY=(\S+)/.exec(env)?.[1] ?? ""
  expect(consumerKey).not.toBe("")
  for (const secret of [...Object.values(keys), consumerKey]) expect(stdout + stderr).not.toContain(secret)
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([])
  const variables = Object.fromEntries(env.split("\n").map((line) => line.split(/=(.*)/).slice(0, 2)))
  const config = await Effect.runPromise(
    UnderstudyConfig.load({ path: path.join(folder, "understudy.yaml"), env: variables as Record<string, string> })
  )
  expect(config.routes.map(({ name }) => name)).toEqual(["aliyun", "qwq", "qvq", "embeddings", "deepseek"])
  expect(config.providers.map(({ keys: own }) => own.length)).toEqual([1, 2])
  expect(config.providers[0]?.aliases["deepseek-chat"]?.model).toBe("deepseek-flash")
})

it.concurrent("refuses to overwrite what is there, and does so with --force", async () => {
  const folder = temporaryFolder()
  const file = path.join(folder, "understudy.yaml")
  writeFileSync(file, "mine\n")
  const refused = await run(["init", "--yes", "--dir", folder])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain(`${file} exists. Nothing was written.`)
  expect(readdirSync(folder)).toEqual(["understudy.yaml"])
  const forced = await run(["init", "--yes", "--force", "--dir", folder])
  expect(forced.code).toBe(0)
  expect(read(folder, "understudy.yaml")).toContain("providers:")
  // Without any key the mock vendors stand in.
  expect(forced.stdout).toMatch(/^ {2}\S.* mock serve$/m)
  expect(read(folder, ".env")).toContain("DASHSCOPE_API_KEY=sk-demo-qwen-1")
})

it.concurrent("tells a vendor that cannot be reached from a key that is bad", async () => {
  const folder = temporaryFolder()
  const url = `http://127.0.0.1:${await deadPort()}`
  const { code, stdout } = await run(
    ["init", "--yes", "--dir", folder, "--deepseek-key", keys.bad, "--deepseek-base-url", url],
    { env: { DASHSCOPE_API_KEY: keys.bad, DASHSCOPE_BASE_URL: server.urls.qwen } }
  )
  expect(code).toBe(0)
  expect(stdout).toMatch(/\? k\w{3} {2}not checked, ConnectionFailed\(ECONNREFUSED\): the vendor could not be reached/)
  expect(stdout).toMatch(/✗ k\w{3} {2}Unauthorized/)
})

it.concurrent("does not ask where nobody can answer, and says how scripts do it", async () => {
  const { code, stderr } = await run(["init"], { env: { LANG: "zh_CN.UTF-8" } })
  expect(code).toBe(2)
  expect(stderr).toContain(" init --yes`")
  expect(existsSync(path.join(root, "understudy.yaml"))).toBe(false)
})

it.concurrent("prints the schema that is kept at the repository's root", async () => {
  const { code, stdout } = await run(["schema"])
  expect(code).toBe(0)
  // Out of date? npm run settings
  expect(stdout).toBe(read(root, "understudy.schema.json"))
})
