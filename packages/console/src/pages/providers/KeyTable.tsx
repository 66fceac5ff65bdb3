/** The keys of a provider, to be compared and steered. */
import type { Key, Provider } from "../../api/queries.ts"
import { useSession } from "../../app/Session.tsx"
import { useNow } from "../../live/useNow.ts"
import { dash, useFormat } from "../../text/Format.ts"
import { useTexts } from "../../text/Language.tsx"
import { useReason } from "../../text/Reasons.ts"
import { Button } from "../../ui/Button.tsx"
import { Status, type Tone } from "../../ui/Status.tsx"
import { type Column, Table } from "../../ui/Table.tsx"
import { Tip } from "../../ui/Tip.tsx"
import type { KeyTest } from "./actions.ts"
import { texts } from "./messages.ts"

const tones: Readonly<Record<Key["state"]["state"], Tone>> = {
  Available: "ok",
  Cooling: "warn",
  Removed: "bad",
  Disabled: "off"
}

/** What went along the edge to a key. */
export interface Traffic {
  readonly calls: number
  readonly failed: number
}

interface Props {
  readonly provider: Provider
  readonly traffic: ReadonlyMap<string, Traffic>
  readonly results: Readonly<Record<string, KeyTest | Error | "running">>
  readonly onTest: (key: Key) => void
  readonly onDisable: (key: Key) => void
  readonly onRestore: (key: Key) => void
}

const Name = ({ id, models, name }: Key) => {
  const t = useTexts(texts)
  const format = useFormat()
  const now = useNow()
  return (
    <div className="key-name">
      <b className="cut">{name}</b>
      {name === id ? null : <code className="quiet">{id}</code>}
      {Object.entries(models).map(([model, { dueAt, state }]) => (
        <span key={model} className="tag">
          {t.forModel(model, t.states[state], dueAt === null ? "" : format.relative(dueAt, now))}
        </span>
      ))}
    </div>
  )
}

const Since = ({ at }: { readonly at: number | null }) => {
  const format = useFormat()
  const now = useNow()
  if (at === null) return <span className="quiet">{dash}</span>
  return (
    <Tip label={format.exact(at)}>
      <time dateTime={new Date(at).toISOString()}>{format.relative(Math.min(at, now), now)}</time>
    </Tip>
  )
}

const Due = ({ state: { dueAt, state } }: Key) => {
  const t = useTexts(texts)
  const format = useFormat()
  const now = useNow()
  if (dueAt === null) return <span className="quiet">{dash}</span>
  const isOver = dueAt <= now
  if (isOver) return <span>{t.probing}</span>
  const time = format.relative(dueAt, now)
  return <span className="num">{state === "Cooling" ? t.coolsUntil(time) : time}</span>
}

const Result = ({ result }: { readonly result: KeyTest | Error | "running" | undefined }) => {
  const t = useTexts(texts)
  const format = useFormat()
  if (result === undefined || result === "running") return null
  if (result instanceof Error) return <Status tone="bad">{result.message}</Status>
  const time = format.duration(result.millis)
  return result.ok ? (
    <Status tone="ok">{t.testOk(time)}</Status>
  ) : (
    <Status tone="bad">{t.testFailed(result.message ?? "", time)}</Status>
  )
}

const Actions = ({
  item,
  onDisable,
  onRestore,
  onTest,
  result
}: Omit<Props, "provider" | "traffic" | "results"> & {
  readonly item: Key
  readonly result: Props["results"][string] | undefined
}) => {
  const t = useTexts(texts)
  return (
    <div className="key-actions">
      <Button
        size="small"
        busy={result === "running"}
        onClick={() => onTest(item)}
        aria-label={`${t.test} ${item.name}`}
      >
        {t.test}
      </Button>
      {item.state.state === "Disabled" || item.state.state === "Removed" ? (
        <Button size="small" onClick={() => onRestore(item)} aria-label={`${t.restore} ${item.name}`}>
          {t.restore}
        </Button>
      ) : (
        <Button size="small" onClick={() => onDisable(item)} aria-label={`${t.disable} ${item.name}`}>
          {t.disable}
        </Button>
      )}
    </div>
  )
}

const useColumns = ({ results, traffic, ...steer }: Props): ReadonlyArray<Column<Key>> => {
  const t = useTexts(texts)
  const format = useFormat()
  const reason = useReason()
  const { may } = useSession()
  const columns: ReadonlyArray<Column<Key>> = [
    { id: "key", head: t.key, cell: (key) => <Name {...key} /> },
    {
      id: "state",
      width: "13%",
      head: t.state,
      label: t.state,
      cell: ({ state: { state } }) => <Status tone={tones[state]}>{t.states[state]}</Status>
    },
    {
      id: "reason",
      width: "16%",
      head: t.reason,
      label: t.reason,
      cell: ({ state }) => (state.reason === null ? <span className="quiet">{dash}</span> : reason(state.reason))
    },
    { id: "since", width: "10%", head: t.since, label: t.since, cell: ({ state }) => <Since at={state.since} /> },
    { id: "due", width: "12%", head: t.due, label: t.due, cell: (key) => <Due {...key} /> },
    {
      id: "calls",
      width: "13%",
      head: t.calls,
      label: t.calls,
      align: "end",
      cell: ({ id }) => {
        const { calls = 0, failed = 0 } = traffic.get(id) ?? {}
        return (
          <span className="num">
            {format.number(calls)}
            {failed > 0 ? <span className="quiet"> · {t.failed(format.number(failed))}</span> : null}
          </span>
        )
      }
    }
  ]
  if (!may("operate")) return columns
  return [
    ...columns,
    {
      id: "actions",
      head: <span className="unseen">{t.actions}</span>,
      width: 176,
      align: "end",
      cell: (key) => <Actions item={key} result={results[key.id]} {...steer} />
    }
  ]
}

/** The table, with how the last tests went below it. */
export const KeyTable = (props: Props) => {
  const t = useTexts(texts)
  const { provider, results } = props
  const columns = useColumns(props)
  const told = provider.keys.filter(({ id }) => results[id] !== undefined && results[id] !== "running")
  return (
    <>
      <Table stacks label={t.keysOf(provider.name)} columns={columns} rows={provider.keys} keyOf={({ id }) => id} />
      {told.length === 0 ? null : (
        <ul className="key-results" aria-live="polite">
          {told.map(({ id, name }) => (
            <li key={id}>
              <b>{name}</b> <Result result={results[id]} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
