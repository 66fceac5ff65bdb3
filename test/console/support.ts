/**
 * The console in Debian's Chromium, over a gateway that runs as a process on mock vendors.
 *
 * **Details**
 *
 * - `CONSOLE_SHOTS=folder` keeps a picture of every `shot`; without it none is taken.
 * - Where there is no Chromium the tests are skipped with a reason, but not in CI: there they fail.
 * - What a page complains of (console errors, refusals of the policy, failed requests for files) fails the test that opened it.
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import * as path from "node:path"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest"
import { launch, root } from "../cli/support.ts"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const executablePath = [process.env["CHROMIUM"] ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (file) => file !== "" && existsSync(file)
)

/** `describe`, where there is a browser. */
export const describeInBrowser = (name: string, tests: () => void): void => {
  const isMissing = executablePath === undefined && process.env["CI"] === undefined
  describe.skipIf(isMissing)(isMissing ? `${name} (no Chromium: CHROMIUM=path names one)` : name, tests)
}

let launched: Promise<Browser> | undefined
const browser = (): Promise<Browser> => {
  launched ??= chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ["--no-sandbox", "--disable-dev-shm-usage"]
  })
  return launched
}
afterAll(async () => {
  await (await launched)?.close()
})

/** Builds the console where it is not as its sources are. */
export const build = (): void => {
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, "scripts/console.mjs")], { encoding: "utf8" })
  if (status !== 0) throw new Error(`the console does not build:\n${stderr}`)
}

/** The password that `setUp` sets. */
export const password = "correct horse battery"

const configOf = (mock: string) => `# The walks' gateway.
version: 1
server:
  port: 0
  admin: { port: 0 }
providers:
  qwen:
    type: qwen
    baseUrl: ${mock}/qwen/compatible-mode/v1
    proxy: none
    keys: # two accounts
      - { value: sk-demo-qwen-1, name: main }
      - { value: sk-demo-qwen-2, name: second }
    keyFailover: { healthCheckInterval: 1s, healthCheckTimeout: 2s }
  deepseek:
    type: deepseek
    baseUrl: ${mock}/deepseek
    proxy: none
    keys:
      - { value: sk-demo-deepseek-1, name: main }
routes:
  - name: aliyun
    match: { model: { prefix: qwen } }
    targets: [{ provider: qwen }]
    fallback: [{ provider: deepseek, model: deepseek-flash }]
  - name: deepseek
    match: { model: { prefix: deepseek } }
    targets: [{ provider: deepseek }]
`

/** Starts a gateway on mock vendors; stopped when the test ends. Call it in a test, or in `beforeAll` with `keep`. */
export const serve = async ({
  config = configOf,
  keep
}: {
  readonly config?: (mock: string) => string
  /** Collects what ends it, instead of the test. */
  readonly keep?: Array<() => Promise<unknown>>
} = {}) => {
  build()
  const onEnd = (end: () => Promise<unknown>): void => {
    if (keep === undefined) onTestFinished(async () => void (await end()))
    else keep.unshift(end)
  }
  const key = (vendor: "qwen" | "deepseek") => ({ vendor })
  const vendors = Vendors.make({
    keys: { "sk-demo-qwen-1": key("qwen"), "sk-demo-qwen-2": key("qwen"), "sk-demo-deepseek-1": key("deepseek") }
  })
  const mock = await MockServer.listen(vendors, { host: "127.0.0.1", port: 0 })
  onEnd(() => mock.close())
  const folder = mkdtempSync(path.join(tmpdir(), "understudy-console-"))
  onEnd(async () => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, "understudy.yaml")
  writeFileSync(file, config(mock.url))
  const main = path.join(root, "packages/cli/src/main.ts")
  const start = async (ports?: { readonly gateway: string; readonly admin: string }) => {
    if (ports !== undefined) {
      writeFileSync(
        file,
        readFileSync(file, "utf8").replace(
          /port: 0\n\s+admin: \{ port: 0 \}/,
          `port: ${ports.gateway}\n  admin: { port: ${ports.admin} }`
        )
      )
    }
    const running = launch(process.execPath, ["--conditions=source", main, "serve", "--config", file], { cwd: folder })
    const [, gateway = ""] = await running.until(/Gateway +(http:\/\/[\d.]+:\d+)\/v1/)
    const [, admin = ""] = await running.until(/Admin +(http:\/\/[\d.]+:\d+)/)
    return { running, gateway, admin }
  }
  const first = await start()
  let { running } = first
  const { admin, gateway } = first
  onEnd(() => running.interrupt())
  const token = /set-up token: (\S+)/.exec(running.stdout())?.[1] ?? ""
  const portOf = (url: string) => new URL(url).port
  return {
    admin,
    gateway,
    token,
    vendors,
    file,
    read: () => readFileSync(file, "utf8"),
    write: (text: string) => writeFileSync(file, text),
    stop: () => running.interrupt(),
    /** Starts it again at the same addresses. */
    again: async () => {
      running = (await start({ gateway: portOf(gateway), admin: portOf(admin) })).running
    },
    /** Sets the admin's password, without a browser. */
    setUp: async () => {
      const response = await fetch(`${admin}/api/v1/setup`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ token, password })
      })
      expect(response.status).toBe(200)
      return (response.headers.getSetCookie()[0] ?? "").split(";")[0] ?? ""
    },
    /** Asks the gateway as an application does. */
    ask: (model = "qwen-turbo", body: object = {}) =>
      fetch(`${gateway}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: "Bearer sk-any" },
        body: JSON.stringify({ model, messages: [{ role: "user", content: "Who are you?" }], ...body })
      })
  }
}

/** A gateway that runs. */
export type Served = Awaited<ReturnType<typeof serve>>

/** How a page is looked at. */
export interface View {
  readonly language?: "en" | "zh"
  readonly theme?: "light" | "dark"
  readonly width?: number
  readonly height?: number
  /** Messages of the browser that are expected. */
  readonly mayFail?: RegExp
}

const observe = (page: Page, mayFail: RegExp | undefined): void => {
  const complaints: Array<string> = []
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text())
  })
  page.on("pageerror", (error) => complaints.push(error.stack ?? error.message))
  onTestFinished(() => {
    expect(complaints.filter((text) => mayFail?.test(text) !== true)).toEqual([])
  })
}

const contextOf = async ({
  height = 800,
  language = "en",
  theme = "light",
  width = 1280
}: View): Promise<BrowserContext> => {
  const context = await (await browser()).newContext({
    viewport: { width, height },
    locale: language === "zh" ? "zh-CN" : "en-US",
    colorScheme: theme,
    reducedMotion: "reduce",
    // axe brings its script with it; what the server's policy does is looked at in a test of its own.
    bypassCSP: false
  })
  onTestFinished(() => context.close())
  return context
}

/** Opens a page of the console as somebody who has not logged in. */
export const visit = async (served: Served, at: string, view: View = {}): Promise<Page> => {
  const page = await (await contextOf(view)).newPage()
  observe(page, view.mayFail)
  await page.goto(`${served.admin}${at}`)
  return page
}

/** Opens a page as the admin, with the cookie that `setUp` gave. */
export const enter = async (served: Served, cookie: string, at: string, view: View = {}): Promise<Page> => {
  const context = await contextOf(view)
  const [name = "", value = ""] = cookie.split("=")
  await context.addCookies([{ name, value, url: served.admin }])
  const page = await context.newPage()
  observe(page, view.mayFail)
  await page.goto(`${served.admin}${at}`)
  await page.getByRole("main").waitFor()
  return page
}

/** Keeps a picture, where pictures are kept. */
export const shot = async (page: Page, name: string): Promise<void> => {
  const folder = process.env["CONSOLE_SHOTS"]
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true })
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

/** What axe finds wrong with the page as it stands: a line per rule, with the places. */
export const violations = async (page: Page): Promise<ReadonlyArray<string>> => {
  // The tools' protocol is not the page's: its policy does not refuse this.
  const found: {
    readonly violations: ReadonlyArray<{
      readonly id: string
      readonly nodes: ReadonlyArray<{ readonly target: ReadonlyArray<unknown> }>
    }>
  } = await page.evaluate(`(async () => { const module = undefined; ${axeSource}; return await window.axe.run() })()`)
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)
}

/** How far the page's body can be scrolled sideways, in pixels: 0 where nothing overflows. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)")

/** A test per language that looks at a page in both colours, on a laptop and a phone: nothing overflows, axe finds nothing. */
export const looks = (
  name: string,
  at: string,
  prepare: (served: Served) => Promise<unknown>,
  ready: (page: Page, language: "en" | "zh") => Promise<unknown>
): void => {
  it.each(["en", "zh"] as const)("is readable in %s, in both colours and widths", async (language) => {
    const served = await serve()
    const cookie = await served.setUp()
    await prepare(served)
    const page = await enter(served, cookie, at, { language })
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" })
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 })
        await ready(page, language)
        const view = `${name}-${language}-${theme}-${width}`
        await shot(page, view)
        expect([view, await overflow(page), await violations(page)]).toEqual([view, 0, []])
      }
    }
  })
}
