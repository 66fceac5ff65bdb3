/**
 * The SDK as it is published: in one piece, and in another with an Effect of its own. What it does is tested from its sources;
 * here it counts what is inside, and that either piece and a program's own Effect get along.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { text as toText } from "node:stream/consumers"
import { pathToFileURL } from "node:url"
import * as index from "@understudy/chat-model"
import type { Options } from "@understudy/core"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { build } from "./build.ts"

const folder = mkdtempSync(path.join(tmpdir(), "understudy-published-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const vendors = Vendors.make({ seed: 7, keys: { "sk-demo-deepseek": { vendor: "deepseek" } } })

/** Runs the program; the answer is what it wrote. */
const run = async (config: Options.UnderstudyOptions): Promise<unknown> => {
  const program = path.join(import.meta.dirname, "program.ts")
  const args = [program, pathToFileURL(folder).href, JSON.stringify(config)]
  const child = spawn(process.execPath, ["--conditions=source", ...args], { stdio: ["ignore", "pipe", "pipe"] })
  const [output, errors] = await Promise.all([toText(child.stdout), toText(child.stderr), once(child, "close")])
  return output === "" ? errors : JSON.parse(output)
}

let result: unknown
beforeAll(async () => {
  build(folder)
  const server = await MockServer.listen(vendors)
  const config: Options.UnderstudyOptions = {
    version: 1,
    providers: {
      qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-wrong"] },
      deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] }
    },
    routes: [
      {
        name: "aliyun",
        match: { model: { prefix: "qwen-" } },
        targets: [{ provider: "qwen" }],
        fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
      }
    ]
  }
  try {
    result = await run(config)
  } finally {
    await server.close()
  }
}, 60_000)

describe("@understudy/chat-model/promise, published", () => {
  it("loads no other package when it is imported, and the transport alone to answer", () => {
    expect(result).toMatchObject({ afterImport: [], afterAnswers: ["undici"] })
  })

  it("falls back to another vendor, for calls and streams", () => {
    expect(result).toMatchObject({
      answer: { model: "deepseek-chat", text: expect.stringContaining("DeepSeek"), attempts: 2 },
      streamed: expect.stringContaining("DeepSeek")
    })
  })

  it("fails with errors that are instances for both copies of their class", () => {
    expect(result).toMatchObject({ refusal: { own: true, others: true, sameClass: false } })
  })

  it("takes schemas, tools, advisors and layers of the program's own Effect", () => {
    expect(result).toMatchObject({
      ofZod: { city: "Hangzhou" },
      ofEffect: { city: "Hangzhou", date: 2026 },
      ofTool: "21 degrees",
      ofAdvisor: "ADVISED",
      ofLayer: "from a layer"
    })
  })

  it("says whose code is inside", () => {
    expect(readFileSync(path.join(folder, "promise/NOTICES.txt"), "utf8")).toMatch(/^effect 4\.1\.0\n\nMIT License\n/)
  })
})

describe("@understudy/chat-model, published", () => {
  it("exports what its sources do", () => {
    expect(result).toMatchObject({ index: { exports: Object.keys(index).sort() } })
  })

  it("loads neither the engine nor Effect's schemas when it is imported", () => {
    expect(result).toMatchObject({ index: { heavy: [] } })
  })

  it("is one file beside the bundler's helpers, whichever of its modules are imported", () => {
    expect(result).toMatchObject({ index: { ownFiles: 2, sameClassByItsModule: true } })
  })
})
