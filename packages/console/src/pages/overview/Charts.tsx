/** The window over time: calls, time to first token, tokens; one crosshair for all. */
import { useMemo } from "react"
import type { Statistics, Window } from "../../api/queries.ts"
import { Plot } from "../../chart/Plot.tsx"
import { useFormat } from "../../text/Format.ts"
import { useTexts } from "../../text/Language.tsx"
import { texts } from "./messages.ts"

type Point = Statistics["points"][number]

const none = { p50: null, p95: null, p99: null }

/** A point for every step of the window, also where nothing was called. */
const filled = ({ points, window }: Statistics, name: Window, now: number): ReadonlyArray<Point> => {
  const step = name === "5m" ? 1_000 : 60_000
  const known = new Map(points.map((point) => [point.at, point]))
  const last = Math.floor(now / step) * step
  return Array.from({ length: Math.ceil(window / step) }, (_, index) => {
    const at = last - window + (index + 1) * step
    return known.get(at) ?? { at, calls: 0, ok: 0, fellBack: 0, inputTokens: 0, outputTokens: 0, firstContent: none }
  })
}

/** The charts of a window; `at` is when its statistics came. */
export const Charts = ({
  at,
  statistics,
  window
}: {
  readonly statistics: Statistics
  readonly window: Window
  readonly at: number
}) => {
  const { charts: t } = useTexts(texts)
  const format = useFormat()
  const points = useMemo(() => filled(statistics, window, at), [at, statistics, window])
  const times = useMemo(() => points.map((point) => point.at), [points])
  const lines = useMemo(() => {
    const of = (read: (point: Point) => number | null) => points.map(read)
    return {
      calls: [
        { label: t.ok, colour: "accent", filled: true, values: of(({ fellBack, ok }) => ok - fellBack) },
        { label: t.fellBack, colour: "warn-mark", values: of(({ fellBack }) => fellBack), dash: [6, 3] },
        { label: t.failed, colour: "bad-mark", values: of(({ calls, ok }) => calls - ok), dash: [2, 2] }
      ],
      ttft: [
        { label: "p50", colour: "accent", values: of(({ firstContent }) => firstContent.p50) },
        { label: "p95", colour: "text-3", values: of(({ firstContent }) => firstContent.p95), dash: [6, 3] },
        { label: "p99", colour: "off-mark", values: of(({ firstContent }) => firstContent.p99), dash: [2, 2] }
      ],
      tokens: [
        { label: t.input, colour: "accent", filled: true, values: of(({ inputTokens }) => inputTokens) },
        { label: t.output, colour: "text-3", values: of(({ outputTokens }) => outputTokens), dash: [6, 3] }
      ]
    }
  }, [points, t])
  return (
    <div className="charts">
      <Plot
        title={window === "5m" ? t.calls : t.callsMinute}
        times={times}
        series={lines.calls}
        format={format.compact}
        sync="overview"
      />
      <Plot title={t.ttft} times={times} series={lines.ttft} format={format.duration} sync="overview" />
      <Plot title={t.tokens} times={times} series={lines.tokens} format={format.compact} sync="overview" />
    </div>
  )
}
