import { expect, it } from "vitest"
import { caseOf, HttpFuzz, wrongWith } from "./RawHttp.ts"

it("answers 640 bent requests without a failure of its own, and a good caller beside them", async () => {
  const fuzz = await HttpFuzz.make()
  try {
    for (let seed = 1; seed <= 640; seed += 160) {
      const found = await fuzz.run(Array.from({ length: 160 }, (_, lane) => caseOf(seed + lane)))
      expect(found).toEqual([])
    }
    for (const status of [200, 400, 403, 404, 405, 415]) expect([status, fuzz.seen.get(status) ?? 0]).not.toContain(0)
  } finally {
    await fuzz.close()
  }
}, 30_000)

it("sends the same for the same seed, and knows a broken promise", () => {
  expect(caseOf(7)).toEqual(caseOf(7))
  expect(caseOf(7)).not.toEqual(caseOf(8))
  expect(wrongWith("HTTP/1.1 200 OK\r\n\r\n")).toBeUndefined()
  expect(wrongWith("HTTP/1.1 400 Bad Request\r\n\r\nHTTP/1.1 500 Internal Server Error\r\n\r\n")).toBe("status 500")
  expect(wrongWith("data: {}")).toBe("the answer is no HTTP")
  expect(wrongWith("HTTP/1.1 200 OK\r\n\r\nsk-demo-fuzz-http-1")).toContain("key")
})
