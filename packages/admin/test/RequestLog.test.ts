import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as RequestLog from "@understudy/admin/RequestLog"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { describe, expect, it, onTestFinished } from "vitest"
import { Rows } from "../src/internal/requests/Rows.ts"
import { entry } from "./support.ts"

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), "understudy-requests-"))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const use = <A>(
  path: string,
  program: (log: RequestLog.RequestLog["Service"]) => Effect.Effect<A, never, Scope.Scope>,
  onLost?: (why: string) => void
) =>
  Effect.runPromise(
    Effect.scoped(Effect.flatMap(RequestLog.open({ path, maxAge: Number.MAX_SAFE_INTEGER, onLost }), program))
  )

const ids = (rows: ReadonlyArray<RequestLog.Stored>) => rows.map(({ requestId }) => requestId)

describe("the log of requests", () => {
  it("keeps every request, over a restart too, and gives it back as it was", async () => {
    const path = join(folder(), "data", "requests.db")
    await use(path, ({ put }) => Effect.sync(() => put(entry(1_000, { ms: 400, firstMs: 120 }))))
    const rows = await use(path, (log) =>
      Effect.gen(function* () {
        log.put(
          entry(2_000, {
            error: "model_not_found",
            status: 404,
            provider: undefined,
            answeredBy: undefined,
            trail: undefined,
            attempts: 0
          })
        )
        yield* log.flush
        return yield* log.page({}, 10)
      })
    )
    expect(ids(rows)).toEqual(["req_2000", "req_1000"])
    expect(rows[1]).toEqual({
      id: 600 * 4_096,
      time: 600,
      requestId: "req_1000",
      endpoint: "POST /v1/chat/completions",
      status: 200,
      error: null,
      consumer: "web",
      model: "qwen-turbo",
      route: "aliyun",
      provider: "qwen",
      answeredBy: "qwen-turbo",
      attempts: 1,
      trail: "qwen/qwen-turbo#k1 ok 5ms",
      inputTokens: 10,
      outputTokens: 5,
      cost: 0.25,
      currency: "CNY",
      firstMs: 120,
      ms: 400
    })
    expect(rows[0]).toMatchObject({ error: "model_not_found", provider: null, answeredBy: null, trail: null })
  })

  it("answers every filter, page by page, with what it asks for and nothing else", async () => {
    const rows = new Rows(":memory:")
    const consumers = ["web", "batch", null]
    const models = ["qwen-turbo", "deepseek-chat"]
    const routes = ["aliyun", "deepseek"]
    const all = Array.from({ length: 240 }, (_, n) => ({
      ...toRow(n),
      consumer: consumers[n % 3] ?? null,
      model: models[n % 2] ?? "",
      route: routes[Math.floor(n / 2) % 2] ?? "",
      status: n % 5 === 0 ? 502 : 200,
      attempts: n % 7 === 0 ? 3 : 1,
      ms: (n % 11) * 100
    }))
    rows.insert(all)
    const filters: Array<RequestLog.Filter> = []
    for (const consumer of [undefined, "web", "nobody"])
      for (const model of [undefined, "deepseek-chat"])
        for (const route of [undefined, "aliyun"])
          for (const failed of [undefined, true, false])
            for (const moved of [undefined, true, false])
              for (const slowerThan of [undefined, 500, 1000])
                filters.push({ consumer, model, route, failed, moved, slowerThan })
    for (const filter of filters) {
      const wanted = all
        .filter(
          (row) =>
            (filter.consumer === undefined || row.consumer === filter.consumer) &&
            (filter.model === undefined || row.model === filter.model) &&
            (filter.route === undefined || row.route === filter.route) &&
            (filter.failed === undefined || row.status >= 400 === filter.failed) &&
            (filter.moved === undefined || row.attempts > 1 === filter.moved) &&
            (filter.slowerThan === undefined || row.ms >= filter.slowerThan)
        )
        .map(({ requestId }) => requestId)
        .toReversed()
      const first = rows.page(filter, 7)
      const second = first.length < 7 ? [] : rows.page({ ...filter, before: first.at(-1)?.id }, 7)
      expect([filter, ids([...first, ...second])]).toEqual([filter, wanted.slice(0, 14)])
    }
    const last = rows.page({}, 3)
    expect(ids(rows.page({ after: last[2]?.id }, 50))).toEqual(ids(last.slice(0, 2)))
    expect(ids(rows.page({ requestId: "req_77" }, 50))).toEqual(["req_77"])
    expect(rows.names()).toEqual({
      consumer: ["batch", "web"],
      model: ["deepseek-chat", "qwen-turbo"],
      route: ["aliyun", "deepseek"]
    })
    rows.close()
  })

  it("orders requests of one millisecond by their coming, and clocks that go back after those before", () => {
    const rows = new Rows(":memory:")
    rows.insert([toRow(5), { ...toRow(5), requestId: "second" }, { ...toRow(1), requestId: "earlier clock" }])
    expect(ids(rows.page({}, 10))).toEqual(["earlier clock", "second", "req_5"])
    rows.close()
  })

  it("removes what is too old, and the oldest of what is too much, and goes on", () => {
    const rows = new Rows(join(folder(), "requests.db"))
    rows.insert(Array.from({ length: 2_000 }, (_, n) => toRow(n)))
    while (rows.trim(1_000, Number.POSITIVE_INFINITY));
    expect(rows.page({}, 5_000)).toHaveLength(1_000)
    while (rows.trim(0, 100_000));
    const left = rows.page({}, 5_000).length
    expect(left).toBeLessThan(1_000)
    rows.insert([toRow(3_000)])
    expect(ids(rows.page({}, 1))).toEqual(["req_3000"])
    rows.close()
  })

  it("takes names by the thousands, from whoever makes them up, under one", () => {
    const rows = new Rows(":memory:")
    rows.insert(Array.from({ length: 10_050 }, (_, n) => ({ ...toRow(n), model: `made-up-${n}` })))
    expect(rows.names().model).toContain("(others)")
    expect(rows.names().model.length).toBeLessThanOrEqual(10_001)
    rows.close()
  })

  it("loses rows, says so once and costs no call where its file cannot be written; and keeps the next ones", async () => {
    const path = join(folder(), "requests.db")
    mkdirSync(path)
    const told: Array<string> = []
    const lost = await use(
      path,
      (log) =>
        Effect.gen(function* () {
          for (const time of [1, 2, 3]) {
            log.put(entry(time))
            yield* log.flush
          }
          const before = log.lost()
          rmSync(path, { recursive: true })
          log.put(entry(4))
          yield* log.flush
          return [before, log.lost(), ids(yield* log.page({}, 10))]
        }),
      (why) => told.push(why)
    )
    expect(lost).toEqual([3, 3, ["req_4"]])
    expect(told).toEqual([expect.stringContaining("unable to open database file")])
  })

  it("loses a batch whole while another program holds the file, and no row twice", async () => {
    const path = join(folder(), "requests.db")
    const rows = new Rows(path)
    rows.insert([toRow(1)])
    const other = new DatabaseSync(path)
    other.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE")
    new DatabaseSync(path).exec("PRAGMA busy_timeout = 0")
    expect(() => rows.insert([toRow(2), toRow(3)])).toThrow(/locked/)
    other.exec("ROLLBACK")
    rows.insert([toRow(4)])
    expect(ids(rows.page({}, 10))).toEqual(["req_4", "req_1"])
    rows.close()
    other.close()
  })
})

const toRow = (time: number) => ({
  time,
  requestId: `req_${time}`,
  endpoint: "POST /v1/chat/completions",
  status: 200,
  error: null,
  consumer: "web",
  model: "qwen-turbo",
  route: "aliyun",
  provider: "qwen",
  answeredBy: "qwen-turbo",
  attempts: 1,
  trail: "qwen/qwen-turbo#k1 ok 5ms",
  inputTokens: 10,
  outputTokens: 5,
  cost: null,
  currency: null,
  firstMs: null,
  ms: 5
})
