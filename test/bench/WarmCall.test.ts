/** Holds what one warm call enters: who adds a room to the way of every call has to raise a bar here, and say why. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { beforeAll, expect, it } from "vitest"
import type { WarmCall } from "./WarmCall.ts"

let entered: WarmCall

beforeAll(() => {
  const script = join(import.meta.dirname, "WarmCall.ts")
  const { stderr, stdout } = spawnSync(process.execPath, ["--conditions=source", script], { encoding: "utf8" })
  entered = JSON.parse(stdout || expect.fail(stderr))
}, 120_000)

/** The rooms of the engine: from the service to the exchange and the readers of its answer. */
const ofEngine = (file: string): boolean => /^packages\/core\/src\/internal\/(call|exchange|failover|join)\//.test(file)

it("the engine's part of a warm call is at most 9 files, 65 functions and no step back", () => {
  const { back, files, functions } = entered
  expect(files.filter(ofEngine).length).toBeLessThanOrEqual(9)
  expect(functions.filter(ofEngine).length).toBeLessThanOrEqual(65)
  expect(back.filter(ofEngine)).toEqual([])
})

it("what decides and what does go no step back", () => {
  expect(entered.back.filter((step) => /internal\/(call|failover|join)\//.test(step))).toEqual([])
})

it("a whole warm call, from the model to the wire, enters no more than it did", () => {
  const { back, files, functions } = entered
  expect(files.length, files.join("\n")).toBeLessThanOrEqual(30)
  expect(functions.length, functions.join("\n")).toBeLessThanOrEqual(150)
  expect(back.length, back.join("\n")).toBeLessThanOrEqual(2)
})
