import { afterAll, beforeAll, expect, it } from "vitest"
import * as Bend from "./Bend.ts"
import { caseOf, describe, Fuzz } from "./Fuzz.ts"
import { Luck } from "./Luck.ts"
import * as Truth from "./Truth.ts"

let fuzz: Fuzz
beforeAll(async () => {
  fuzz = await Fuzz.make(32)
})
afterAll(() => fuzz.close())

it("records answers of every kind from both vendors", () => {
  const names = new Set(fuzz.corpus.map(({ name }) => name))
  expect(names.size).toBeGreaterThan(40)
  for (const each of fuzz.corpus) expect([each.name, each.body === ""]).toEqual([each.name, false])
})

it("breaks no promise over 640 bent answers, through the core, the gateway and the SDK", async () => {
  for (let seed = 1; seed <= 640; seed += 32) {
    const found = await fuzz.run(Array.from({ length: 32 }, (_, lane) => caseOf(fuzz.corpus, seed + lane)))
    expect(found.map(describe).join("\n")).toBe("")
  }
  const { compared, errors, fallback, probes, whole } = fuzz.totals
  for (const each of [compared, errors, fallback, probes, whole]) expect(each).toBeGreaterThan(20)
}, 30_000)

it("bends the same answer in the same way for the same seed", () => {
  const [recorded] = fuzz.corpus
  if (recorded === undefined) throw new Error("nothing was recorded")
  const bent = (seed: number) => {
    const luck = new Luck(seed)
    return Array.from({ length: 20 }, () => Bend.bend(recorded, Bend.draw(luck)))
  }
  expect(bent(7)).toEqual(bent(7))
  expect(bent(7)).not.toEqual(bent(8))
})

it("knows without the core what is whole: a finish for every choice, and an end", () => {
  const event = (choice: object) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`
  const said = event({ index: 0, delta: { content: "a" } })
  const finish = event({ index: 0, delta: {}, finish_reason: "stop" })
  const of = (text: string, n = 1, ending: "end" | "cut" = "end") => Truth.of(Buffer.from(text), ending, n)
  expect(of(said + finish)).toEqual({ whole: true, text: "a" })
  expect(of(`${said}${finish}data: [DONE]\n\n`, 2).whole).toBe(false)
  expect(of(said).whole).toBe(false)
  expect(of(`${said}data: {oops\n\n${finish}`).whole).toBe(false)
  expect(of(`${said}event: error\ndata: {}\n\n${finish}`).whole).toBe(false)
})
