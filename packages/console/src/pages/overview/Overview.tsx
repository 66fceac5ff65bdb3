/** How it goes, at a glance: a sentence, the numbers, where calls go, how it was, and what happened. */
import "./overview.css"
import { useMemo } from "react"
import {
  type Provider,
  type Route,
  type Statistics,
  useLatest,
  useProviders,
  useRoutes,
  useStatistics,
  useVersion,
  type Window,
  windows
} from "../../api/queries.ts"
import { usePageTitle } from "../../app/Current.tsx"
import { useSearch } from "../../app/url.ts"
import { useFormat } from "../../text/Format.ts"
import { useTexts } from "../../text/Language.tsx"
import { useReason } from "../../text/Reasons.ts"
import { Segments } from "../../ui/Fields.tsx"
import { Bone, Failure } from "../../ui/States.tsx"
import { Mark } from "../../ui/Status.tsx"
import { Charts } from "./Charts.tsx"
import { FirstCall } from "./FirstCall.tsx"
import { Happened } from "./Happened.tsx"
import { texts } from "./messages.ts"
import { Picture } from "./Picture.tsx"
import { Tiles } from "./Tiles.tsx"
import { circuitsOf, toTopology } from "./topology.ts"
import { judge } from "./verdict.ts"

const useWindow = (): readonly [Window, (window: Window) => void] => {
  const [search, change] = useSearch()
  const chosen = windows.find((window) => window === search["window"]) ?? "5m"
  return [chosen, (window) => change({ window: window === "5m" ? undefined : window })]
}

interface Shown {
  readonly statistics: Statistics
  readonly providers: ReadonlyArray<Provider>
  readonly window: Window
}

const VerdictLine = ({ providers, statistics, window }: Shown) => {
  const t = useTexts(texts)
  const format = useFormat()
  const reason = useReason()
  const { data: happenings = [] } = useLatest()
  const open = [...circuitsOf(happenings)].flatMap(([target, state]) => (state === "open" ? [target] : []))
  const { sentences, tone } = judge({
    words: t.verdict,
    within: t.within[window],
    format,
    reason,
    totals: statistics.totals,
    providers,
    open
  })
  return (
    <p className="verdict" data-tone={tone} role="status">
      <Mark tone={tone} size={20} />
      <span>{sentences.join(" ")}</span>
    </p>
  )
}

/** A model that a route answers for, to try it with. */
const modelOf = (routes: ReadonlyArray<Route>): string =>
  routes.flatMap(({ fallback, targets }) => [...targets, ...fallback]).find(({ model }) => model !== null)?.model ??
  "qwen-turbo"

/** Seconds that the window covers: no longer than the gateway runs. */
const useSeconds = (statistics: Statistics, at: number): number => {
  const { data } = useVersion()
  const running = data === undefined ? statistics.window : at - data.startedAt
  return Math.max(1, Math.min(statistics.window, running) / 1_000)
}

const Content = ({ at, providers, statistics, window }: Shown & { readonly at: number }) => {
  const t = useTexts(texts)
  const routes = useRoutes()
  const { data: happenings = [] } = useLatest()
  const seconds = useSeconds(statistics, at)
  const known = routes.data ?? []
  const topology = useMemo(
    () => toTopology(providers, known, statistics, happenings),
    [happenings, known, providers, statistics]
  )
  return (
    <>
      <VerdictLine statistics={statistics} providers={providers} window={window} />
      {statistics.totals.calls === 0 ? <FirstCall model={modelOf(known)} /> : null}
      <Tiles totals={statistics.totals} seconds={seconds} />
      <section className="panel" aria-label={t.topology}>
        <header>
          <h2>{t.topology}</h2>
          <ul className="plot-legend">
            {[
              { says: t.legendMain },
              { says: t.legendFallback, "data-fallback": true },
              { says: t.legendFailed, "data-failing": true }
            ].map(({ says, ...marks }) => (
              <li key={says}>
                <svg width="22" height="8" aria-hidden="true">
                  <path className="edge" {...marks} d="M0 4h22" strokeWidth="2.5" />
                </svg>
                {says}
              </li>
            ))}
          </ul>
        </header>
        <div className="panel-body">
          <Picture topology={topology} seconds={seconds} />
        </div>
      </section>
      <Charts statistics={statistics} window={window} at={at} />
      <Happened />
    </>
  )
}

const Waiting = () => (
  <>
    <Bone height={44} />
    <div className="tiles">
      {["a", "b", "c", "d", "e", "f"].map((tile) => (
        <Bone key={tile} height={92} />
      ))}
    </div>
    <Bone height={260} />
    <Bone height={200} />
  </>
)

/** The page. */
export default function Overview() {
  const t = useTexts(texts)
  const [window, setWindow] = useWindow()
  const statistics = useStatistics(window)
  const providers = useProviders()
  const error = statistics.error ?? providers.error
  const isKnown = statistics.data !== undefined && providers.data !== undefined
  return (
    <div className="page">
      <div className="page-head">
        <h1>{usePageTitle()}</h1>
        <Segments
          label={t.window}
          value={window}
          onChange={setWindow}
          options={windows.map((value) => ({ value, label: t.windows[value] }))}
        />
      </div>
      {isKnown ? (
        <Content
          statistics={statistics.data}
          providers={providers.data}
          window={window}
          at={statistics.dataUpdatedAt}
        />
      ) : null}
      {!isKnown && error === null ? <Waiting /> : null}
      {!isKnown && error !== null ? <Failure error={error} onRetry={() => void statistics.refetch()} /> : null}
    </div>
  )
}
