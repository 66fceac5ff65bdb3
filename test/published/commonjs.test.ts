/** The published SDK where only CommonJS is spoken: in programs that are bundled to one file, and in loaders like jest's. */
import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { promisify } from "node:util"
import { build as esbuild } from "esbuild"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { build } from "./build.ts"

const folder = mkdtempSync(path.join(tmpdir(), "understudy-commonjs-"))
/** Has no dependencies beside it. */
const alone = mkdtempSync(path.join(tmpdir(), "understudy-alone-"))
beforeAll(() => build(folder), 60_000)
afterAll(() => {
  for (const each of [folder, alone]) rmSync(each, { recursive: true, force: true })
})

const config = {
  version: 1,
  providers: { local: { type: "openai-compatible", baseUrl: "http://127.0.0.1:1/v1" } },
  routes: [{ name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "local" }] }]
}

/** Runs a tool with an Effect Schema, reads a value through another, and starts an engine that reaches nobody. */
const program = (entry: string): string => `
import { PromiseChatClient, PromiseChatModel, TestChatModel, Tool } from "./${entry}.js"
import * as Schema from "effect/Schema"
const year = Tool.make({ name: "year", parameters: Schema.Struct({ at: Schema.Date }), handler: ({ at }) => at.getUTCFullYear() })
const day = "2026-11-30T00:00:00.000Z"
const main = async () => {
  const chat = await TestChatModel.promise([{ toolCalls: [{ name: "year", arguments: { at: day } }] }, JSON.stringify({ value: day })])
  const value = await PromiseChatClient.make(chat, { tools: [year] }).prompt("When?").call().entity(Schema.Date)
  const engine = await PromiseChatModel.fromOptions(${JSON.stringify(config)}, { model: "any" })
  const failed = await engine.call("Hello?").catch((error) => error)
  console.log(JSON.stringify([chat.prompts[1].messages.at(-1).content, value, failed.reason._tag]))
  await engine.close()
}
main()
`

/** The core is bundled from its sources, which are there without a build. */
const conditions = ["source"]

const expected = ["2026", "2026-11-30T00:00:00.000Z", "UpstreamFailed"]
const run = async (file: string): Promise<unknown> =>
  JSON.parse((await promisify(execFile)(process.execPath, [file], { cwd: alone })).stdout)

describe("a program that is bundled to CommonJS", () => {
  it.each(["promise", "index"])("starts and runs without any module beside it, from the entry %s", async (entry) => {
    const source = path.join(folder, `program-${entry}.mjs`)
    writeFileSync(source, program(entry))
    const outfile = path.join(alone, `${entry}.cjs`)
    await esbuild({
      entryPoints: [source],
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile,
      conditions,
      logLevel: "error"
    })
    expect(await run(outfile)).toEqual(expected)
  })
})

describe("the entry for loaders of CommonJS", () => {
  it("answers, reads through an Effect Schema and starts an engine", async () => {
    const source = path.join(folder, "required.mjs")
    writeFileSync(source, program("promise").replace("./promise.js", "./promise.cjs"))
    const outfile = path.join(folder, "required.cjs")
    await esbuild({
      entryPoints: [source],
      bundle: true,
      packages: "external",
      external: ["./promise.cjs"],
      platform: "node",
      format: "cjs",
      outfile
    })
    expect(await run(outfile)).toEqual(expected)
  })

  it("imports nothing, for such a loader has nothing to import with", () => {
    expect(readFileSync(path.join(folder, "promise.cjs"), "utf8")).not.toMatch(/\bimport\(|\bimport\.meta\b/)
  })
})
