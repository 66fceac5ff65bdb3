import { expect, it } from "vitest"
import { nextOf, parse } from "../src/pages/requests/trail.ts"

it("takes a trail apart as the core writes it", () => {
  const attempts = parse(
    "qwen/qwen-turbo#k927 Unauthorized 82ms, qwen/qwen-turbo#kbdd TimedOut(firstContent) after content 120ms (qwen/x#k ok 1ms, y), qwen/qwen-plus skipped(no usable key): Unauthorized/BalanceExhausted, deepseek/deepseek-flash#k3e7 ok 310ms"
  )
  expect(attempts.map(({ kind, millis, reason, startsAt }) => [kind, reason, startsAt, millis])).toEqual([
    ["failed", "Unauthorized", 0, 82],
    ["failed", "TimedOut(firstContent)", 82, 120],
    ["skipped", "no usable key: Unauthorized/BalanceExhausted", 202, 0],
    ["ok", "", 202, 310]
  ])
  expect(attempts.map(({ afterContent }) => afterContent)).toEqual([false, true, false, false])
  expect(attempts.map((_, at) => nextOf(attempts, at))).toEqual(["anotherKey", "nextTarget", "nextTarget", "answer"])
  expect(parse(null)).toEqual([])
})
