/**
 * A dozen scenarios of ten to twenty seconds for clients in real time: in three minutes they give an occasion to every kind of
 * finding but `dead-target-asked`, which takes an outage of more than that, and `context-fallback-too-small`, which takes a book.
 *
 * All have one setting, so that one gateway can be asked them all: two keys of one account at the first vendor, two accounts at the
 * other one. What takes minutes elsewhere has to take seconds here: silence of four seconds is too long, and what is well again is
 * used again within ten. The configuration says so to Understudy; other clients must be set up as hastily.
 */
import type { KeyOptions, ScenarioOptions, TrafficOptions } from "../scenario/Options.ts"
import * as Standard from "../scenario/Standard.ts"
import { type Draft, midway, spell } from "./Recipe.ts"
import { sides } from "./Sides.ts"

const { first, label, model, other, otherLabel, second, vendor } = sides[Standard.vendors[0]]

const account = "team"

/** Begins after two seconds. */
const from = "2s"

const keys: Readonly<Record<string, KeyOptions>> = {
  ...Standard.keys,
  [first]: { vendor, account },
  [second]: { vendor, account }
}

const standard = Standard.config(keys)

const config: NonNullable<ScenarioOptions["config"]> = {
  ...standard,
  providers: Object.fromEntries(
    Object.entries(standard.providers).map(([name, provider]) => [
      name,
      {
        ...provider,
        keyFailover: { healthCheckInterval: "2s" },
        deadlines: { connect: "2s", firstContent: "4s", idle: "4s" }
      }
    ])
  )
}

/** Four calls a second, half of them streams. */
const brisk = (change: Partial<TrafficOptions> = {}): TrafficOptions => ({
  model,
  stream: 0.5,
  every: "250ms",
  for: "12s",
  ...change
})

/** What is other than in the common setting. */
interface Change extends Partial<Omit<Draft, "keys">> {
  readonly keys?: Readonly<Record<string, Partial<KeyOptions>>>
}

const quick = (name: string, en: string, zh: string, { keys: changes = {}, ...draft }: Change): ScenarioOptions => ({
  name: `quick.${name}`,
  teaches: { en, zh },
  keys: Object.fromEntries(Object.entries(keys).map(([key, options]) => [key, { ...options, ...changes[key] }])),
  config,
  traffic: brisk(),
  ...draft
})

const keyTrouble: ReadonlyArray<ScenarioOptions> = [
  quick(
    "key",
    `One of ${label}'s two keys is wrong from the start: the first refusal takes it out, and nobody notices.`,
    `${label} 的两个 Key 里有一个从一开始就是错的：第一次被拒就摘除它，业务毫无感知。`,
    { keys: { [first]: { state: "invalid" } }, expect: { within: "3s" } }
  ),
  quick(
    "restored",
    `All keys of ${label} are revoked for two seconds: within ten more they are used again.`,
    `${label} 的全部 Key 被吊销两秒：之后十秒之内应当重新启用。`,
    {
      keys: { [first]: spell("revoked", from, "2s"), [second]: spell("revoked", from, "2s") },
      traffic: brisk({ for: "20s", tools: true }),
      expect: { restoredWithin: "8s" }
    }
  ),
  quick(
    "refused",
    "No vendor takes any key: callers get an error of the gateway's own, without a vendor's words about keys.",
    "所有厂商的 Key 全部被拒：调用方应当得到网关自己的错误，而不是厂商关于 Key 的原话。",
    {
      keys: Object.fromEntries(Object.keys(keys).map((name) => [name, { state: "invalid" }])),
      traffic: brisk({ every: "1s", for: "10s" }),
      expect: { availability: 0, allow: ["key-reused"] }
    }
  ),
  quick(
    "limit",
    "One account is told to wait five seconds, and both keys are its own: another key changes nothing, another vendor does.",
    "一个账号被要求等五秒，而两个 Key 都属于它：换 Key 没有意义，换厂商才有用。",
    { faults: [{ kind: "rate.limit", account, retryAfter: 5, from, for: "6s" }] }
  )
]

const targetTrouble: ReadonlyArray<ScenarioOptions> = [
  quick(
    "overload",
    `${label} is overloaded for six seconds: one try more, then ${otherLabel}, and no storm.`,
    `${label} 过载六秒：再试一次，然后换 ${otherLabel}，不要一拥而上。`,
    { faults: [{ kind: "overload.fast", vendor, from, for: "6s" }], expect: { attemptsPerCall: 5 } }
  ),
  quick(
    "resets",
    `All of ${label}'s connections break before a status line, and some of ${otherLabel}'s: what was not answered may be asked again.`,
    `${label} 的连接全在状态行之前断开，${otherLabel} 的偶尔也断：没有得到回答的都可以重新请求。`,
    {
      faults: [
        { kind: "reset.before", name: "all", vendor, from, for: "6s" },
        { kind: "reset.before", name: "some", vendor: other, from, for: "6s", ordinals: [3, 9] }
      ],
      expect: { within: "6s" }
    }
  ),
  quick(
    "slow",
    `The first word takes eight seconds: ${otherLabel} has one sooner.`,
    `第一个字要等八秒：${otherLabel} 给得更快。`,
    {
      faults: [{ kind: "slow.firstToken", vendor, stream: true, delay: "8s", from, for: "4s" }],
      traffic: brisk({ every: "500ms", stream: true }),
      expect: { within: "7s" }
    }
  ),
  quick(
    "silent",
    "A stream stands open and nothing ever comes: notice it within seconds, and go elsewhere.",
    "流已经打开，却什么都不来：几秒之内就要发现，然后换一家。",
    {
      faults: [{ kind: "stall.before", vendor, stream: true, from, for: "4s" }],
      traffic: brisk({ every: "500ms", stream: true }),
      expect: { stallWithin: "5s" }
    }
  )
]

const callTrouble: ReadonlyArray<ScenarioOptions> = [
  quick(
    "well",
    "Nothing is wrong at all: each call is answered once, paid once, and as it was asked.",
    "一切正常：每次调用只回答一次、只计费一次，问什么答什么。",
    { traffic: brisk({ stream: true, for: "20s" }), expect: { attemptsPerCall: 1 } }
  ),
  quick(
    "broken",
    "Streams end without a finish, and others break in the middle: half an answer is an error, and never glued to another one.",
    "有的流没有结束标志就收尾，有的在中途断开：半个回答是错误，也绝不能和另一个拼在一起。",
    {
      faults: [
        { kind: "eof.noDone", name: "no finish", vendor, ...midway, ordinals: [4, 12, 20] },
        { kind: "cut.midstream", name: "cut", vendor, ...midway, ordinals: [8, 16, 24] }
      ],
      traffic: brisk({ every: "500ms", stream: true, for: "15s" }),
      // Six of 30 calls break after content.
      expect: { availability: 0.8 }
    }
  ),
  quick(
    "mistaken",
    "A request that is wrong itself comes back at once: no key is at fault, and no other vendor can help.",
    "请求本身有错，应当立即原样返回：不怪任何 Key，换厂商也没用。",
    {
      faults: [{ kind: "request.invalid" }],
      traffic: brisk({ every: "500ms", for: "10s" }),
      expect: { outcome: "rejected" }
    }
  ),
  quick(
    "left",
    "A third of the callers leave in mid-sentence: their requests end at the vendor too, who bills every word.",
    "三分之一的用户在句子中间离开：上游请求必须同时终止，因为厂商按字计费。",
    {
      pace: "100ms",
      traffic: brisk({ stream: true, for: "10s", leaving: { share: 0.33, after: "250ms" } }),
      expect: { attemptsPerCall: 1 }
    }
  )
]

/** The scenarios, as they are written. */
export const options: ReadonlyArray<ScenarioOptions> = [...callTrouble, ...keyTrouble, ...targetTrouble]
