/**
 * When a second target is started beside a slow first one, and how often that may be done.
 *
 * The delay is fixed, or a percentile of the route's own times to first content; below `minimum` measurements there is no
 * percentile and no hedge.
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Duration from "../setting/Duration.ts"
import * as Setting from "../setting/Setting.ts"
import { Budget } from "./Budget.ts"

/** The delay before a second target is started. */
const HedgeDelay = Schema.Union([
  Schema.TaggedStruct("Fixed", { millis: Schema.Finite }),
  Schema.TaggedStruct("Percentile", { percentile: Schema.Finite })
])

const After = Schema.String.check(
  Schema.isPattern(/^(\d+(?:\.\d+)?(ms|s|m|h)|p([1-9]|[1-9]\d))$/, Setting.expects("durationOrPercentile"))
).pipe(
  Schema.decodeTo(
    HedgeDelay,
    SchemaTransformation.transform({
      decode: (text: string): typeof HedgeDelay.Type =>
        text.startsWith("p")
          ? { _tag: "Percentile", percentile: Number(text.slice(1)) }
          : { _tag: "Fixed", millis: Duration.parse(text) ?? 0 },
      encode: (delay) => (delay._tag === "Fixed" ? Duration.toText(delay.millis) : `p${delay.percentile}`)
    })
  )
)

const minimum = 20

/** What a configuration can say: a route's `hedge`. */
export const settings = Schema.Struct({
  after: Setting.required(
    After,
    `The delay: a duration such as \`2s\`, or a percentile such as \`p95\` of the route's own times to first content, once there are ${minimum}`
  ),
  percent: Setting.defaulted(Setting.Percent, 5, "Second requests per 100 calls, at most"),
  tools: Setting.defaulted(Schema.Boolean, false, "May requests with tools be hedged?")
})

const size = 128

/** A route's hedging. */
export class Hedge {
  /** May requests with tools be hedged? */
  readonly tools: boolean
  readonly budget: Budget
  readonly #delay: typeof HedgeDelay.Type
  readonly #times: Array<number> = []
  #next = 0

  constructor({ after, percent, tools }: typeof settings.Type) {
    this.#delay = after
    this.tools = tools
    this.budget = new Budget({ percent, reserve: 1 })
  }

  /** A call of the route took so long to its first content. */
  observe(millis: number): void {
    this.#times[this.#next] = millis
    this.#next = (this.#next + 1) % size
  }

  /** Milliseconds before the second target; undefined while too little is known. */
  after(): number | undefined {
    if (this.#delay._tag === "Fixed") return this.#delay.millis
    if (this.#times.length < minimum) return undefined
    const sorted = this.#times.toSorted((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * this.#delay.percentile) / 100))]
  }
}
