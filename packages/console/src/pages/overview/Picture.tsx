/** The live picture of the traffic: nodes as links in four columns, edges behind them; on a phone a list. */
import { Link } from "@tanstack/react-router"
import { type ReactNode, useLayoutEffect, useRef, useState } from "react"
import { useNow } from "../../live/useNow.ts"
import { useFormat } from "../../text/Format.ts"
import { useTexts } from "../../text/Language.tsx"
import { useReason } from "../../text/Reasons.ts"
import { Mark, type Tone } from "../../ui/Status.tsx"
import { texts } from "./messages.ts"
import { asAsked, type ColumnName, type Edge, type Node, type Topology } from "./topology.ts"

const rowHeight = 58
const nodeHeight = 46

/** Nodes of a column that are shown. */
const mostNodes = 12

const keyTones: Readonly<Record<string, Tone>> = { Available: "ok", Cooling: "warn", Removed: "bad", Disabled: "off" }
const targetTones = { usable: "ok", noKey: "bad", open: "bad", halfOpen: "warn" } as const

const toneOf = ({ key, state }: Node): Tone | undefined => {
  if (key !== undefined) return keyTones[key.state.state] ?? "off"
  return state === undefined ? undefined : targetTones[state]
}

/** Where each kind of node leads. */
const paths: Readonly<Record<ColumnName, string>> = {
  consumers: "/consumers",
  routes: "/routes",
  targets: "/providers",
  keys: "/providers"
}

const useWords = () => {
  const t = useTexts(texts)
  const now = useNow()
  const format = useFormat()
  const reason = useReason()
  const state = ({ key, provider = "", state: target }: Node): string => {
    if (target !== undefined) return `${provider} · ${t.target[target]}`
    if (key === undefined) return ""
    const { dueAt, reason: why, state: is } = key.state
    const due = dueAt === null ? "" : format.relative(Math.max(dueAt, now), now)
    return [t.key[is], reason(why), due, provider].filter((part) => part !== "").join(" · ")
  }
  const name = ({ column, name: given }: Node): string => {
    if (column === "consumers" && given === "") return t.anybody
    return given === asAsked ? t.asAsked : given
  }
  return { name, state, rate: (calls: number, seconds: number) => t.rate(format.decimal(calls / seconds)) }
}

const Box = ({
  node,
  seconds,
  style
}: {
  readonly node: Node
  readonly seconds: number
  readonly style?: React.CSSProperties
}) => {
  const words = useWords()
  const tone = toneOf(node)
  const state = words.state(node)
  return (
    <Link
      to={paths[node.column]}
      className="node"
      data-tone={tone}
      data-idle={node.calls === 0 ? true : undefined}
      style={style}
      title={`${words.name(node)}${state === "" ? "" : ` · ${state}`}`}
    >
      <span className="row">
        {tone === undefined ? null : <Mark tone={tone} />}
        <b className="cut">{words.name(node)}</b>
        {node.calls === 0 ? null : <span className="node-rate num">{words.rate(node.calls, seconds)}</span>}
      </span>
      {state === "" ? null : <span className="node-state cut">{state}</span>}
    </Link>
  )
}

/** The width of an element in pixels, new when it changes. */
const useWidth = () => {
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = frame.current
    if (element === null) return
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    setWidth(element.clientWidth)
    return () => observer.disconnect()
  }, [])
  return [frame, width] as const
}

/** As thick as ten times the traffic is twice as much: one call is seen, a thousand a second fit. */
const thickness = (calls: number): number => (calls === 0 ? 1 : Math.min(8, 1.5 + Math.log10(calls) * 1.5))

const curve = (x1: number, y1: number, x2: number, y2: number): string => {
  const bend = (x2 - x1) / 2
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
}

interface Place {
  readonly x: number
  readonly y: number
  readonly node: Node
}

interface Laid {
  readonly places: ReadonlyMap<string, Place>
  readonly height: number
  readonly nodeWidth: number
}

const lay = (columns: ReadonlyArray<ReadonlyArray<Node>>, width: number): Laid => {
  const gap = Math.max(40, width * 0.07)
  const nodeWidth = (width - gap * (columns.length - 1)) / columns.length
  const rows = Math.max(1, ...columns.map((nodes) => Math.min(nodes.length, mostNodes)))
  const height = rows * rowHeight
  const places = new Map<string, Place>()
  for (const [index, nodes] of columns.entries()) {
    const shown = nodes.slice(0, mostNodes)
    // A column stands in the middle of the picture, so that edges are short.
    const top = ((rows - shown.length) * rowHeight) / 2
    for (const [row, node] of shown.entries()) {
      places.set(node.id, { node, x: index * (nodeWidth + gap), y: top + row * rowHeight })
    }
  }
  return { places, height, nodeWidth }
}

const Line = ({ edge, laid }: { readonly edge: Edge; readonly laid: Laid }) => {
  const from = laid.places.get(edge.from)
  const to = laid.places.get(edge.to)
  if (from === undefined || to === undefined) return null
  const middle = nodeHeight / 2
  return (
    <path
      className="edge"
      data-idle={edge.calls === 0 ? true : undefined}
      data-fallback={edge.isFallback ? true : undefined}
      data-failing={edge.failed * 2 > edge.calls ? true : undefined}
      d={curve(from.x + laid.nodeWidth, from.y + middle, to.x, to.y + middle)}
      strokeWidth={thickness(edge.calls)}
    />
  )
}

const names: ReadonlyArray<ColumnName> = ["consumers", "routes", "targets", "keys"]

/** Narrower than this, in pixels, it is a list. */
const narrow = 680

/** The picture; `seconds` is what the window really covers. */
export const Picture = ({
  seconds,
  topology
}: {
  readonly topology: Topology
  readonly seconds: number
}): ReactNode => {
  const t = useTexts(texts)
  const [frame, width] = useWidth()
  const shown = names.filter((name) => topology.columns[name].length > 0)
  const columns = shown.map((name) => topology.columns[name])
  const laid = lay(columns, width)
  const isList = width < narrow
  return (
    <div ref={frame} className="picture" style={{ minHeight: 140 }}>
      {width === 0 || isList ? null : (
        <>
          <div
            className="picture-heads"
            aria-hidden="true"
            style={{ gridTemplateColumns: `repeat(${shown.length}, ${laid.nodeWidth}px)` }}
          >
            {shown.map((name) => (
              <span key={name}>{t.columns[name]}</span>
            ))}
          </div>
          <div className="picture-field" style={{ height: laid.height }}>
            <svg width={width} height={laid.height} aria-hidden="true">
              {topology.edges.map((edge) => (
                <Line key={`${edge.from} ${edge.to}`} edge={edge} laid={laid} />
              ))}
            </svg>
            {[...laid.places.values()].map(({ node, x, y }) => (
              <Box
                key={node.id}
                node={node}
                seconds={seconds}
                style={{ left: x, top: y, width: laid.nodeWidth, height: nodeHeight }}
              />
            ))}
          </div>
        </>
      )}
      {isList
        ? shown.map((name) => (
            <div key={name} className="picture-list">
              <span className="nav-title">{t.columns[name]}</span>
              {topology.columns[name].slice(0, mostNodes).map((node) => (
                <Box key={node.id} node={node} seconds={seconds} />
              ))}
            </div>
          ))
        : null}
      {columns.some((nodes) => nodes.length > mostNodes) ? (
        <p className="quiet">
          {t.more(columns.reduce((sum, nodes) => sum + Math.max(0, nodes.length - mostNodes), 0))}
        </p>
      ) : null}
    </div>
  )
}
