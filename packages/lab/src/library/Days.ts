/** What bad days are made of: things that come and go, come together, or come all in one day. */
import { keys, lesson, minute, type Recipe, recipe, type Side, spell, steady } from "./Recipe.ts"

/** A call every two seconds, and forty within a second when the vendor is back. */
const stampede = ({ model }: Side) => ({
  model,
  stream: 0.5,
  calls: [
    ...Array.from({ length: 45 }, (_, index) => ({ at: `${index * 2}s` })),
    ...Array.from({ length: 40 }, (_, index) => ({ at: `${90_000 + index * 25}ms` })),
    ...Array.from({ length: 60 }, (_, index) => ({ at: `${92 + index * 2}s` }))
  ]
})

const passing: ReadonlyArray<Recipe> = [
  recipe("outage.flapping", (side) => ({
    teaches: lesson(
      `${side.label} fails for eight seconds out of twenty, again and again: a circuit that believes every good moment never rests.`,
      `${side.label} 每二十秒坏八秒，反反复复：轻信每一个好转瞬间的熔断器永远停不下来。`
    ),
    faults: [{ kind: "overload.fast", vendor: side.vendor, from: "20s", for: "2m", flap: { every: "20s", on: "8s" } }],
    traffic: steady(side, { every: "1s" })
  })),
  recipe("outage.brownout", (side) => ({
    teaches: lesson(
      "A third of the requests fail and some are slow: nothing is down, and yet everybody suffers who only looks for outages.",
      "三分之一的请求失败，还有一些变慢：没有宕机，但只盯着宕机的系统都会遭殃。"
    ),
    faults: [
      { kind: "server.error", vendor: side.vendor, ratio: 0.3, ...minute },
      { kind: "slow.headers", vendor: side.vendor, ratio: 0.3, delay: "4s", ...minute }
    ],
    traffic: steady(side, { every: "1s" }),
    expect: { within: "20s" }
  })),
  recipe("outage.correlated", (side) => ({
    teaches: lesson(
      "Both vendors are full for half a minute: calls fail then, quickly and honestly, and the first that can be answered is.",
      "两家同时过载半分钟：这段时间的请求快速而明确地失败，一旦能回答就立刻恢复。"
    ),
    faults: [
      { kind: "overload.fast", vendor: side.vendor, from: "30s", for: "30s" },
      { kind: "overload.fast", vendor: side.other, from: "30s", for: "30s" }
    ],
    // 15 of 120 calls begin while nobody answers.
    expect: { availability: 0.85 }
  })),
  recipe("outage.stampede", (side) => ({
    teaches: lesson(
      `${side.label} is back and forty callers arrive within a second, four at a time per account: overflow, do not knock it over again.`,
      `${side.label} 刚恢复就在一秒内涌入四十个请求，而每个账号只允许四个并发：让多余的溢出，别再把它压垮。`
    ),
    keys: keys({ [side.first]: { concurrency: 4 }, [side.second]: { concurrency: 4 } }),
    pace: "100ms",
    faults: [{ kind: "overload.fast", vendor: side.vendor, from: "30s", for: "1m" }],
    traffic: stampede(side)
  })),
  recipe("callers.leave", (side) => ({
    teaches: lesson(
      "A third of the callers close the page in mid-sentence: their requests must end at the vendor too, who bills every word.",
      "三分之一的用户在句子中间关掉页面：上游请求必须同时终止，因为厂商按字计费。"
    ),
    pace: "100ms",
    traffic: steady(side, { stream: true, leaving: { share: 0.33, after: "250ms" } }),
    expect: { attemptsPerCall: 1 }
  }))
]

const day = recipe("day-of-outages", (side) => ({
  teaches: lesson(
    `${side.label} has six outages within 24 hours, at one call a second: nobody who called may notice.`,
    `${side.label} 一天之内出六次故障，每秒一个请求：没有一个调用方应当察觉。`
  ),
  keys: keys({ [side.first]: spell("revoked", "2h", "1h"), [side.second]: spell("arrears", "21h", "90m") }),
  faults: [
    {
      name: "overload",
      kind: "overload.fast",
      vendor: side.vendor,
      from: "6h",
      for: "20m",
      flap: { every: "2m", on: "50s" }
    },
    { name: "limit", kind: "rate.limit", account: side.first, ratio: 0.5, from: "9h", for: "30m" },
    {
      name: "slow",
      kind: "slow.firstToken",
      vendor: side.vendor,
      stream: true,
      delay: "45s",
      from: "13h",
      for: "15m"
    },
    { name: "resets", kind: "reset.before", vendor: side.vendor, from: "17h", for: "10m" }
  ],
  traffic: steady(side, { every: "1s", for: "24h", stream: 0.03 }),
  // A key that stays bad is checked every ten minutes in the end.
  expect: { restoredWithin: "12m" }
}))

/** The recipes. */
export const recipes: ReadonlyArray<Recipe> = [...passing, day]
