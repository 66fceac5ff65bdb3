import { execFileSync } from "node:child_process"
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { describe, expect, it } from "vitest"
import * as Masks from "../src/internal/Masks.ts"
import { refused, serveSetUp, yaml } from "./support.ts"

const other = yaml.replace("fallback: [{ provider: second, model: other }]", "fallback: []")

describe("the file", () => {
  it("is taken as it changes, and calls go on with what is known of keys", async () => {
    const { browser, call, tick, write } = await serveSetUp({ watch: true })
    refused.add("sk-demo-first-1").add("sk-demo-first-2")
    expect((await call()).provider).toBe("second")
    write(yaml.replace("model: other", "model: another"))
    await tick("1 second")
    expect((await call()).model).toBe("another")
    const [first] = (await browser.get("/api/v1/providers")).body as ReadonlyArray<any>
    expect(first.keys.map(({ state }: any) => state.state)).toEqual(["Removed", "Removed"])
    const revisions = (await browser.get("/api/v1/config/revisions")).body as ReadonlyArray<any>
    expect(revisions.map(({ actor, number }) => [number, actor])).toEqual([
      [2, "file"],
      [1, "file"]
    ])
  })

  it("changes nothing while it is broken, says what is wrong where, and is taken when it is mended", async () => {
    const { browser, call, lines, tick, write } = await serveSetUp({ watch: true })
    write(yaml.replace("type: openai-compatible", "type: openai-compatibel"))
    await tick("10 seconds")
    expect((await call()).provider).toBe("first")
    const { problems } = (await browser.get("/api/v1/config")).body
    expect(problems).toEqual([
      {
        path: "providers.first.type",
        message: expect.stringContaining("openai-compatible"),
        line: 5,
        column: expect.any(Number)
      }
    ])
    const told = () => lines.filter((line) => line.includes("cannot be used")).length
    expect(told()).toBe(1)
    write(other)
    await tick("1 second")
    expect((await browser.get("/api/v1/config")).body.problems).toEqual([])
    expect((await browser.get("/api/v1/routes")).body[0].fallback).toEqual([])
    const kinds = ((await browser.get("/api/v1/happenings")).body as ReadonlyArray<any>).map(({ kind }) => kind)
    expect(kinds).toEqual(["config-applied", "config-refused"])
  })

  it("may be gone for a while, or a link that turns to another one", async () => {
    const { browser, path, tick } = await serveSetUp({ watch: true })
    renameSync(path, `${path}.old`)
    await tick("3 seconds")
    expect((await browser.get("/api/v1/config")).status).toBe(200)
    writeFileSync(join(dirname(path), "next.yaml"), other)
    symlinkSync("next.yaml", path)
    await tick("1 second")
    expect((await browser.get("/api/v1/routes")).body[0].fallback).toEqual([])
  })
})

describe("what is no file", () => {
  it.each([
    ["a folder", (path: string) => mkdirSync(path)],
    ["a pipe", (path: string) => void execFileSync("mkfifo", [path])],
    ["a device", (path: string) => symlinkSync("/dev/zero", path)],
    ["a file of three megabytes", (path: string) => writeFileSync(path, "#".repeat(3 * 1024 * 1024))]
  ])("in the place of the file, as %s, changes nothing, and the file is taken when it is back", async (_, put) => {
    const { admin, browser, path, read, tick } = await serveSetUp({ watch: true })
    const text = read()
    rmSync(path)
    put(path)
    await tick("2 seconds")
    expect((await browser.get("/api/v1/config")).body).toMatchObject({ text: Masks.put(text) })
    rmSync(path, { recursive: true })
    writeFileSync(path, `${text}# back\n`)
    await tick("2 seconds")
    expect((await browser.get("/api/v1/config/revisions")).body).toHaveLength(2)
    expect(admin.port).toBeGreaterThan(0)
  })
})

it("a store that another program holds costs rows: sessions go on, and the file is still watched", async () => {
  const { browser, call, lines, path, tick, write } = await serveSetUp({ data: true, watch: true })
  const holder = new DatabaseSync(join(dirname(path), "data", "admin.db"))
  holder.exec("BEGIN IMMEDIATE")
  await tick("2 minutes")
  expect((await browser.get("/api/v1/session")).status).toBe(200)
  write(other)
  await tick("1 second")
  expect(lines.join("\n")).toContain("a version of the configuration could not be kept")
  const { revision, text } = (await browser.get("/api/v1/config")).body
  const applied = await browser.post("/api/v1/config/apply", { text: `${text}# held\n`, revision })
  expect([applied.status, applied.body.actor]).toEqual([200, "admin"])
  holder.exec("ROLLBACK")
  holder.close()
  write(yaml)
  await tick("1 second")
  expect((await browser.get("/api/v1/config/revisions")).body).toHaveLength(2)
  expect((await call()).provider).toBe("first")
})

describe("through the API", () => {
  const read = async (browser: Awaited<ReturnType<typeof serveSetUp>>["browser"]) =>
    (await browser.get("/api/v1/config")).body as { readonly text: string; readonly revision: string }

  it("a text is applied with its comments, and its masks mean the keys that they stand for", async () => {
    const { browser, call, path, read: file } = await serveSetUp()
    chmodSync(path, 0o640)
    const { revision, text } = await read(browser)
    const changed = text.replace("# Ours.", "# Ours, and theirs.")
    const applied = await browser.post("/api/v1/config/apply", { text: changed, revision })
    expect([applied.status, applied.body]).toEqual([
      200,
      { number: 2, revision: expect.any(String), at: 0, actor: "admin" }
    ])
    expect(file()).toBe(yaml.replace("# Ours.", "# Ours, and theirs."))
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect((await call()).provider).toBe("first")
  })

  it("a text made of another version is refused, and says which one is in force", async () => {
    const { browser, read: file, write } = await serveSetUp()
    const { revision, text } = await read(browser)
    write(other)
    const stale = await browser.post("/api/v1/config/apply", { text, revision })
    expect([stale.status, stale.body._tag, stale.body.revision]).toEqual([412, "Stale", (await read(browser)).revision])
    expect(file()).toBe(other)
  })

  it("a text that cannot be used is refused with line and field, and nothing changes", async () => {
    const { browser, read: file } = await serveSetUp()
    const { revision, text } = await read(browser)
    const broken = text.replace("provider: first }", "provider: furst }")
    const { problems } = (await browser.post("/api/v1/config/validate", { text: broken })).body
    expect(problems).toEqual([
      {
        path: "routes[0].targets[0].provider",
        message: expect.stringContaining("furst"),
        line: 15,
        column: expect.any(Number)
      }
    ])
    const answer = await browser.post("/api/v1/config/apply", { text: broken, revision })
    expect([answer.status, answer.body.message]).toEqual([
      422,
      expect.stringContaining("line 15: routes[0].targets[0].provider")
    ])
    expect(file()).toBe(yaml)
    expect((await browser.post("/api/v1/config/validate", { text })).body).toEqual({ problems: [] })
  })

  it("an earlier version is taken again, and is a new one", async () => {
    const { browser, read: file } = await serveSetUp()
    const before = await read(browser)
    const { body: applied } = await browser.post("/api/v1/config/apply", { text: other, revision: before.revision })
    const back = await browser.post("/api/v1/config/revisions/1/rollback", { revision: applied.revision })
    expect([back.status, back.body.number, back.body.revision]).toEqual([200, 3, before.revision])
    expect(file()).toBe(yaml)
    expect((await browser.get("/api/v1/config/revisions/9")).status).toBe(404)
    expect((await browser.post("/api/v1/config/revisions/9/rollback", { revision: before.revision })).status).toBe(404)
    const actions = ((await browser.get("/api/v1/audit")).body as ReadonlyArray<any>).map(({ action, result }) => [
      action,
      result
    ])
    expect(actions).toContainEqual(["roll back configuration", "ok"])
    expect(actions).toContainEqual(["roll back configuration", "refused"])
  })

  it("versions are there after a restart, and the same file is no new one", async () => {
    const first = await serveSetUp({ data: true })
    const { revision } = await read(first.browser)
    await first.browser.post("/api/v1/config/apply", { text: other, revision })
    const again = await first.restart()
    await again.browser.post("/api/v1/session", { name: "admin", password: "correct horse battery" })
    expect((await again.browser.get("/api/v1/config/revisions")).body).toHaveLength(2)
  })
})

describe("masks", () => {
  it("stand for keys in every place that holds them, and for nothing else", () => {
    const text = `# before: sk-demo-1, sk-demo-old
providers:
  a: { keys: "sk-demo-1", proxy: "http://user:secret@proxy.test:3128" }
  b:
    keys:
      - sk-demo-10
      - { value: "\\x73k-demo-2", name: spare }
      - \${B_KEY}
  c: { keys: "\${C_KEY}", proxy: none }
consumers: [{ name: web, keys: [us-demo-1] }]
`
    const masked = Masks.put(text)
    expect(masked).not.toMatch(/sk-demo|us-demo|secret/)
    expect(masked.match(/masked:/g)).toHaveLength(7)
    expect(masked).toContain("name: spare")
    expect(masked).toContain("B_KEY}")
    expect(masked).toContain("proxy: none")
    expect(Masks.undo(masked, Masks.of(text))).toBe(text)
  })

  it("stand for what looks like a key where a text is no YAML", () => {
    expect(Masks.put("providers: [ sk-demo-abcdef\n  : us-demo-abcdef")).not.toMatch(/demo/)
  })

  it("stand for keys behind aliases, in further documents, in comments beside quotes, and as a variable's own value", () => {
    const text = `# plain-secret-2
providers:
  a: { keys: [&first plain-secret-1, "plain-secret-2", "\${A:-plain-secret-3}", 123456789] }
  b: { keys: [*first], name: &name plain-secret-4 }
  c: { keys: [*name] }
---
providers: { a: { keys: [plain-secret-5] } }
`
    const masked = Masks.put(text)
    expect(masked).not.toMatch(/plain-secret|123456789/)
    expect(masked).toContain("keys: [*first]")
  })

  it("mean a key where keys stand, and do not show one that is moved elsewhere", () => {
    const known = Masks.of("keys: [plain-secret-1, sk-demo-first-1]")
    const [plain, likely] = [...known].sort(([, a], [, b]) => a.text.length - b.text.length).map(([id]) => id)
    const back = (text: string): string => Masks.undo(text, known)
    expect(back(`keys: [${plain}, ${likely}]`)).toBe("keys: [plain-secret-1, sk-demo-first-1]")
    expect(back(`keys: [${plain}] # ${plain}, ${likely}`)).toBe(
      "keys: [plain-secret-1] # plain-secret-1, sk-demo-first-1"
    )
    for (const moved of [
      `name: ${plain}`,
      `name: ${likely}`,
      `version: "${likely}"`,
      `${likely}: x`,
      `keys: { ${likely}: x }`,
      `keys: [x] # ${plain}`,
      `{ a: { keys: [&a ${likely}] }, name: *a }`
    ]) {
      expect(back(moved)).toBe(moved)
    }
  })

  it("of aliases that multiply without end take no time", () => {
    const levels = [..."bcdefghijklm"].map((name, at) => `${name}: &${name} [${`*${"abcdefghijkl"[at]},`.repeat(9)}]`)
    const text = `a: &a [plain-secret-1]\n${levels.join("\n")}\nkeys: *m\n`
    expect(Masks.put(text)).not.toContain("plain-secret-1")
  })

  it("of no key that is known stay", () => {
    expect(Masks.undo("keys: [masked:0123456789]", new Map())).toBe("keys: [masked:0123456789]")
  })
})
