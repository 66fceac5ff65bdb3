import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import * as path from "node:path"
import * as Library from "@understudy/lab/library/Library"
import type * as Client from "@understudy/lab/run/Client"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import * as BeforeEach from "../src/lab/BeforeEach.ts"
import * as TargetLog from "../src/lab/TargetLog.ts"
import * as TargetRuns from "../src/lab/TargetRuns.ts"
import * as Messages from "../src/Messages.ts"

const en = Messages.of("en")

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "before-each-"))
})
afterAll(() => rm(folder, { recursive: true }))

/** Whether anybody lives by that number. */
const isRunning = (id: number): boolean => {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}

describe("the command before each scenario", () => {
  const variables = { UNDERSTUDY_LAB_SCENARIO: "own" } as const
  const numberIn = (file: string): number => Number(readFileSync(file, "utf8"))

  it("is told of the scenario, and what it leaves running lasts until the next one, or the end", async () => {
    const file = path.join(folder, "running")
    const seen = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const before = yield* BeforeEach.make(en, `sleep 60 & echo $! > ${file}; echo $UNDERSTUDY_LAB_SCENARIO`)
          yield* before.run(variables)
          const first = numberIn(file)
          const wasRunning = isRunning(first)
          yield* before.run(variables)
          const told = readFileSync(path.join(before.folder, "before-each.log"), "utf8")
          return { first, wasRunning, isStill: isRunning(first), second: numberIn(file), folder: before.folder, told }
        })
      )
    )
    expect(seen).toMatchObject({ wasRunning: true, isStill: false, told: "own\n" })
    expect([isRunning(seen.second), existsSync(seen.folder)]).toEqual([false, false])
  })

  it("fails with what it said", async () => {
    const run = Effect.scoped(
      Effect.flatMap(BeforeEach.make(en, "echo no such image >&2; exit 3"), (before) => before.run(variables))
    )
    expect(await Effect.runPromise(Effect.flip(run))).toMatchObject({
      exitCode: 1,
      message: "--before-each failed (3): echo no such image >&2; exit 3\nno such image"
    })
  })
})

describe("the log of a gateway", () => {
  const setting = { log: (line: string) => heard.push(line) } as unknown as Client.Setting
  const heard: Array<string> = []
  const patient = { timeout: 10_000 }
  const idle: Client.Client = { name: "idle", promises: true, open: () => ({ start: () => () => undefined }) }

  it("is read from where it stood when a scenario began, by lines, also where it is begun anew", async () => {
    const file = path.join(folder, "gateway.log")
    writeFileSync(file, "an old line with sk-demo-qwen-1\n")
    const session = await TargetLog.watched(idle, file).open(setting)
    appendFileSync(file, "first\nsecond ")
    await vi.waitFor(() => expect(heard.at(-1)).toBe("second "), patient)
    appendFileSync(file, "sk-demo-qwen-2\n")
    await vi.waitFor(() => expect(heard).toContain("second sk-demo-qwen-2"), patient)
    writeFileSync(file, "anew\n")
    await vi.waitFor(() => expect(heard).toContain("anew"), patient)
    await session.close?.()
    expect(heard.join()).not.toContain("old line")
  })

  it("has to be there", async () => {
    const failure = await Effect.runPromise(Effect.flip(TargetLog.check(en, path.join(folder, "none.log"))))
    expect(failure).toMatchObject({ exitCode: 2, message: expect.stringContaining("none.log: there is no such file") })
  })
})

describe("lanes", () => {
  it("have their gateways at ports that follow", () => {
    expect(TargetRuns.shifted("http://127.0.0.1:8080/v1", 0)).toBe("http://127.0.0.1:8080/v1")
    expect(TargetRuns.shifted("http://127.0.0.1:8080/v1", 2)).toBe("http://127.0.0.1:8082/v1")
    expect(TargetRuns.shifted("https://gateway.test/", 1)).toBe("https://gateway.test:444")
  })

  it("share the time of all scenarios", () => {
    const one = TargetRuns.estimate(Library.quick, 1)
    expect(one / 60_000).toBeGreaterThan(2.5)
    expect(one / 60_000).toBeLessThan(4)
    expect(TargetRuns.estimate(Library.quick, 4)).toBeLessThan(one / 3)
    expect(TargetRuns.estimate(Library.quick.slice(0, 1), 4)).toBe(TargetRuns.estimate(Library.quick.slice(0, 1), 1))
  })
})
