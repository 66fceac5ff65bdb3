/** The numbers of the window, each with the one below it that puts it into proportion. */
import type { ReactNode } from "react"
import type { Statistics } from "../../api/queries.ts"
import { dash, useFormat } from "../../text/Format.ts"
import { useTexts } from "../../text/Language.tsx"
import { texts } from "./messages.ts"

const Tile = ({
  below,
  label,
  unit,
  value
}: {
  readonly label: string
  readonly value: ReactNode
  readonly unit?: string
  readonly below: ReactNode
}) => (
  <div className="tile panel">
    <dt>{label}</dt>
    <dd>
      <span className="tile-value num">
        {value}
        {unit === undefined ? null : <small>{unit}</small>}
      </span>
      <span className="tile-below num">{below}</span>
    </dd>
  </div>
)

const costs = ({ cost }: Statistics["totals"], money: (value: number, currency: string) => string): string => {
  const all = Object.entries(cost).map(([currency, amount]) => money(amount, currency))
  return all.length === 0 ? dash : all.join(" + ")
}

/** The tiles; `seconds` is what the window really covers. */
export const Tiles = ({ seconds, totals }: { readonly totals: Statistics["totals"]; readonly seconds: number }) => {
  const { tiles: t } = useTexts(texts)
  const format = useFormat()
  const { calls, fellBack, firstContent, keySwitches, latency, ok } = totals
  const share = (part: number): string => (calls === 0 ? dash : format.percent(part / calls))
  const streamed = firstContent.p95 !== null
  const times = streamed ? firstContent : latency
  return (
    <dl className="tiles">
      <Tile
        label={t.calls}
        value={format.decimal(calls / seconds)}
        unit={t.perSecond}
        below={t.callsAll(format.number(calls))}
      />
      <Tile label={t.answered} value={share(ok)} below={t.failed(format.number(calls - ok))} />
      <Tile label={t.fellBack} value={share(fellBack)} below={t.fellBackCount(format.number(fellBack))} />
      <Tile label={t.switches} value={format.number(keySwitches)} below={t.switchesHelp} />
      <Tile
        label={streamed ? t.ttft : t.latency}
        value={format.duration(times.p95)}
        below={t.percentiles(format.duration(times.p50), format.duration(times.p99))}
      />
      <Tile
        label={t.cost}
        value={costs(totals, format.money)}
        below={t.tokens(format.compact(totals.inputTokens), format.compact(totals.outputTokens))}
      />
    </dl>
  )
}
