import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import * as path from "node:path"
import * as Lab from "@understudy/lab/Lab"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import * as KnownFailures from "../src/lab/KnownFailures.ts"
import * as ReportFiles from "../src/lab/ReportFiles.ts"
import * as Messages from "../src/Messages.ts"

const en = Messages.of("en")

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "known-failures-"))
})
afterAll(() => rm(folder, { recursive: true }))

const scenario = (name: string, kind?: "server.error"): Scenario.Scenario =>
  Scenario.make({
    name,
    teaches: { en: "A test's own.", zh: "测试专用。" },
    traffic: { model: "qwen-plus", every: "1s", for: "2s" },
    ...(kind === undefined ? {} : { faults: [{ kind }] })
  })

const last = () => Effect.runPromise(KnownFailures.last(en, { report: folder, baseline: undefined }))

const write = (judged: ReadonlyArray<Awaited<ReturnType<typeof Lab.run>>>, known?: KnownFailures.KnownFailures) =>
  Effect.runPromise(
    ReportFiles.write(en, judged, {
      ...{ folder, language: "en", wanted: ["json"] },
      earlier: known === undefined ? [] : KnownFailures.left(known, judged)
    })
  )

it("goes on knowing what failed and was not run again, and forgets what was mended", async () => {
  const all = [scenario("one", "server.error"), scenario("two", "server.error"), scenario("three")]
  const names = (known: KnownFailures.KnownFailures) => KnownFailures.select(known, all).map(({ name }) => name)
  await write(await Promise.all(all.map((each) => Lab.run(each))))
  const first = await last()
  expect(names(first)).toEqual(["one", "two"])
  await write([await Lab.run(scenario("one"))], first)
  const second = await last()
  expect([...second.keys()]).toEqual(["one", "two"])
  expect(names(second)).toEqual(["two"])
})
