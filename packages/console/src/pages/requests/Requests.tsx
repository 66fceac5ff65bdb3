/** Every call: live while it is looked at, filters in the address, a page of two hundred at a time. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { type Answer, get } from "../../api/Api.ts"
import { type Search, useSearch } from "../../app/url.ts"
import { useFormat } from "../../text/Format.ts"
import { useTexts } from "../../text/Language.tsx"
import { Button } from "../../ui/Button.tsx"
import { TextField } from "../../ui/Fields.tsx"
import { LongTable } from "../../ui/LongTable.tsx"
import { SelectField } from "../../ui/SelectField.tsx"
import { Empty, Loaded, Notice } from "../../ui/States.tsx"
import { Status } from "../../ui/Status.tsx"
import type { Column } from "../../ui/Table.tsx"
import { texts } from "./messages.ts"
import { Trail } from "./Trail.tsx"
import "./requests.css"

/** One row. */
export type Request = Answer<"GET", "/requests">["requests"][number]

const pageSize = 200

const toQuery = ({ consumer, failed, id, model, moved, route, slow }: Search) => ({
  ...(consumer === undefined ? {} : { consumer }),
  ...(model === undefined ? {} : { model }),
  ...(route === undefined ? {} : { route }),
  ...(failed === undefined ? {} : { failed: "true" as const }),
  ...(moved === undefined ? {} : { moved: "true" as const }),
  ...(slow === undefined ? {} : { slowerThan: 5_000 }),
  ...(id === undefined ? {} : { requestId: id })
})

/** How a call ended, in a word. */
export const Outcome = ({ request: { answeredBy, model, status } }: { readonly request: Request }) => {
  const { error, fellBack, ok } = useTexts(texts)
  if (status >= 400) return <Status tone="bad">{error(status)}</Status>
  const isOther = answeredBy !== null && model !== null && answeredBy !== model
  return isOther ? <Status tone="warn">{fellBack}</Status> : <Status tone="ok">{ok}</Status>
}

const useColumns = (): ReadonlyArray<Column<Request>> => {
  const t = useTexts(texts)
  const format = useFormat()
  return [
    {
      id: "time",
      head: t.time,
      width: 96,
      cell: ({ id, time }) => (
        <Link to="/requests/$id" params={{ id: String(id) } as never} className="num" title={format.exact(time)}>
          {format.clock(time)}
        </Link>
      )
    },
    { id: "consumer", head: t.consumer, cell: ({ consumer }) => <span className="cut">{consumer ?? "–"}</span> },
    { id: "asked", head: t.asked, cell: ({ model }) => <span className="cut mono">{model ?? "–"}</span> },
    {
      id: "answered",
      head: t.answered,
      cell: ({ answeredBy }) => <span className="cut mono">{answeredBy ?? "–"}</span>
    },
    { id: "trail", head: t.trail, cell: ({ trail }) => <Trail line={trail} /> },
    { id: "outcome", head: t.outcome, cell: (request) => <Outcome request={request} /> },
    { id: "first", head: t.first, align: "end", cell: ({ firstMs }) => format.duration(firstMs) },
    { id: "total", head: t.total, align: "end", cell: ({ ms }) => format.duration(ms) },
    {
      id: "tokens",
      head: t.tokens,
      align: "end",
      cell: ({ inputTokens, outputTokens }) => `${format.compact(inputTokens)} / ${format.compact(outputTokens)}`
    },
    { id: "cost", head: t.cost, align: "end", cell: ({ cost, currency }) => format.money(cost, currency) }
  ]
}

const Filters = () => {
  const t = useTexts(texts)
  const [search, change] = useSearch()
  const { data } = useQuery({ queryKey: ["requestNames"], queryFn: ({ signal }) => get("/requests/names", { signal }) })
  const options = (names: ReadonlyArray<string> = []) => names.map((name) => ({ value: name, label: name }))
  const select = (name: "consumer" | "model" | "route", label: string) => (
    <SelectField
      label={label}
      placeholder={label}
      compact
      clearable
      searchable
      value={search[name] ?? null}
      onChange={(value) => change({ [name]: value ?? undefined })}
      options={options(data?.[name])}
    />
  )
  const chip = (name: "failed" | "moved" | "slow", label: string) => (
    <Button
      size="small"
      kind={search[name] === undefined ? "plain" : "primary"}
      aria-pressed={search[name] !== undefined}
      onClick={() => change({ [name]: search[name] === undefined ? "1" : undefined })}
    >
      {label}
    </Button>
  )
  return (
    <div className="row filters" data-wrap>
      {select("consumer", t.anyone)}
      {select("model", t.anyModel)}
      {select("route", t.anyRoute)}
      {chip("failed", t.failed)}
      {chip("moved", t.moved)}
      {chip("slow", t.slow)}
      <TextField
        label={t.id}
        mono
        placeholder={t.id}
        value={search["id"] ?? ""}
        onChange={(value) => change({ id: value })}
      />
    </div>
  )
}

const Rows = ({ live }: { readonly live: boolean }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const navigate = useNavigate()
  const columns = useColumns()
  const [search, change] = useSearch()
  const filter = toQuery(search)
  const query = useInfiniteQuery({
    queryKey: ["requests", filter],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      get("/requests", {
        query: { ...filter, limit: pageSize, ...(pageParam === undefined ? {} : { before: pageParam }) },
        signal
      }),
    getNextPageParam: ({ requests }) => (requests.length < pageSize ? undefined : requests.at(-1)?.id),
    // What was read further back stays as it is: only the newest page grows.
    refetchInterval: (current) => (live && (current.state.data?.pages.length ?? 0) < 2 ? 1_000 : false)
  })
  return (
    <Loaded query={query as never}>
      {() => {
        const rows = query.data?.pages.flatMap(({ requests }) => requests) ?? []
        const lost = query.data?.pages[0]?.lost ?? 0
        if (rows.length === 0) {
          return Object.keys(filter).length === 0 ? (
            <Empty title={t.emptyTitle}>{t.empty}</Empty>
          ) : (
            <Empty
              title={t.nothing}
              action={
                <Button
                  onClick={() => change(Object.fromEntries(Object.keys(search).map((name) => [name, undefined])))}
                >
                  {t.clear}
                </Button>
              }
            />
          )
        }
        return (
          <>
            {lost > 0 ? <Notice tone="warn">{t.lost(format.number(lost))}</Notice> : null}
            <LongTable
              label={t.table}
              height="calc(100vh - 300px)"
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              onSelect={({ id }) => void navigate({ to: "/requests/$id", params: { id: String(id) } as never })}
            />
            {query.hasNextPage ? (
              <div className="row panel-body">
                <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t.older}
                </Button>
              </div>
            ) : null}
          </>
        )
      }}
    </Loaded>
  )
}

/** The page. */
export default function Requests() {
  const t = useTexts(texts)
  const [live, setLive] = useState(true)
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{t.title}</h1>
          <p className="page-lead">{t.lead}</p>
        </div>
        <Button icon={live ? "play" : "refresh"} aria-pressed={live} onClick={() => setLive(!live)}>
          {live ? t.live : t.paused}
        </Button>
      </div>
      <Filters />
      <div className="panel">
        <Rows live={live} />
      </div>
    </div>
  )
}
