/**
 * A chart over time, with the same values as a table for those who do not see it. The only room that knows uPlot.
 *
 * **Gotchas**
 *
 * - It is drawn on a canvas, which knows no CSS: colours are read from the tokens when it is made, and it is made anew when the
 *   colours change.
 * - Charts with one `sync` share their crosshair.
 */
import "uplot/dist/uPlot.min.css"
import "./plot.css"
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react"
import uPlot from "uplot"
import { useFormat } from "../text/Format.ts"
import { define, useTexts } from "../text/Language.tsx"
import { IconButton } from "../ui/Button.tsx"
import { useShownScheme } from "../ui/Theme.tsx"

/** A line. */
export interface Series {
  readonly label: string
  /** The name of a token: `accent`, `bad-mark`. */
  readonly colour: string
  readonly values: ReadonlyArray<number | null>
  /** Filled down to the axis. */
  readonly filled?: boolean
  readonly dash?: ReadonlyArray<number>
}

interface Props {
  readonly title: string
  /** Unix milliseconds, the oldest first. */
  readonly times: ReadonlyArray<number>
  readonly series: ReadonlyArray<Series>
  /** How a value is written. */
  readonly format: (value: number | null | undefined) => string
  /** Pixels; 160 unless said. */
  readonly height?: number
  readonly sync?: string
}

const texts = define({
  en: { asTable: "Show as a table", asChart: "Show as a chart", time: "Time", none: "Nothing in this window" },
  zh: { asTable: "以表格显示", asChart: "以图表显示", time: "时间", none: "此时段没有数据" }
})

/** Most rows of the table: those behind are as much to read as anybody will. */
const mostRows = 60

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

const toOptions = (
  { format, height = 160, series, sync }: Omit<Props, "title" | "times">,
  width: number,
  clock: (at: number) => string
): uPlot.Options => {
  const axis = {
    stroke: token("text-3"),
    font: "11px system-ui, sans-serif",
    grid: { stroke: token("line"), width: 1 },
    ticks: { show: false }
  }
  return {
    width,
    height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: {
      ...(sync === undefined ? {} : { sync: { key: sync } }),
      points: { size: 6 },
      drag: { x: false, y: false }
    },
    scales: { y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 26,
        space: 90,
        values: (_, splits) => splits.map((at) => clock(at * 1_000))
      },
      { ...axis, size: 56, space: 36, values: (_, splits) => splits.map((value) => format(value)) }
    ],
    series: [
      {},
      ...series.map(({ colour, dash, filled = false, label, values }) => ({
        label,
        stroke: token(colour),
        width: 1.5,
        // A lone value between two gaps is a point; lines need none.
        points: { show: values.some((value) => value === null), size: 4, fill: token(colour) },
        ...(dash === undefined ? {} : { dash: [...dash] }),
        ...(filled ? { fill: `${token(colour)}22` } : {})
      }))
    ]
  }
}

const Canvas = ({ times, ...rest }: Omit<Props, "title">) => {
  const { height = 160, series } = rest
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const scheme = useShownScheme()
  const { clock } = useFormat()
  const data = useMemo(
    (): uPlot.AlignedData => [times.map((at) => at / 1_000), ...series.map(({ values }) => [...values])],
    [series, times]
  )
  const latest = useRef({ rest, data })
  latest.current = { rest, data }
  const shape = series.map(({ label }) => label).join("\n")
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours and the lines make it anew, and are read when it is made
  useLayoutEffect(() => {
    const parent = frame.current
    if (parent === null) return
    const made = new uPlot(toOptions(latest.current.rest, parent.clientWidth, clock), latest.current.data, parent)
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: parent.clientWidth, height }))
    observer.observe(parent)
    return () => {
      observer.disconnect()
      made.destroy()
    }
  }, [scheme, shape, height, clock])
  useEffect(() => plot.current?.setData(data), [data])
  return <div ref={frame} className="plot-canvas" style={{ height }} aria-hidden="true" />
}

const Values = ({ format, height = 160, series, times, title }: Props) => {
  const { time } = useTexts(texts)
  const { clock } = useFormat()
  const first = Math.max(0, times.length - mostRows)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-frame" aria-label={title} tabIndex={0} style={{ height, overflowY: "auto" }}>
      <table className="table" data-long>
        <thead>
          <tr>
            <th scope="col">{time}</th>
            {series.map(({ label }) => (
              <th key={label} scope="col" data-align="end">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times
            .slice(first)
            .map((at, row) => ({ at, row: first + row }))
            .toReversed()
            .map(({ at, row }) => (
              <tr key={at}>
                <td>{clock(at)}</td>
                {series.map(({ label, values }) => (
                  <td key={label} data-align="end">
                    {format(values[row])}
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  )
}

/** A chart with its title and what its lines are. */
export const Plot = (props: Props) => {
  const { format, height = 160, series, times, title } = props
  const { asChart, asTable, none } = useTexts(texts)
  const [isTable, setTable] = useState(false)
  const isEmpty = series.every(({ values }) => values.every((value) => value === null || value === 0))
  return (
    <section className="panel plot" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <IconButton
          size="small"
          icon={isTable ? "chart" : "table"}
          label={isTable ? asChart : asTable}
          aria-pressed={isTable}
          onClick={() => setTable(!isTable)}
        />
        <ul className="plot-legend">
          {series.map(({ colour, dash, label, values }) => (
            <li key={label}>
              <svg width="14" height="8" aria-hidden="true">
                <path d="M0 4h14" stroke={`var(--${colour})`} strokeWidth="2" strokeDasharray={dash?.join(" ")} />
              </svg>
              {label} <b className="num">{format(values.at(-1))}</b>
            </li>
          ))}
        </ul>
      </header>
      {isTable ? <Values {...props} /> : null}
      {!isTable && isEmpty ? (
        <div className="state quiet" style={{ height, minHeight: 0, padding: 0 }}>
          {none}
        </div>
      ) : null}
      {isTable || isEmpty ? null : (
        <Canvas format={format} height={height} series={series} times={times} sync={props.sync ?? title} />
      )}
    </section>
  )
}
