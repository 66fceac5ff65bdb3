/** One call: in a sentence, as a timeline of its attempts, and as a table of the same. */
import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { get } from "../../api/Api.ts"
import { useParameter } from "../../app/url.ts"
import { useFormat } from "../../text/Format.ts"
import { useTexts } from "../../text/Language.tsx"
import { Button } from "../../ui/Button.tsx"
import { Segments } from "../../ui/Fields.tsx"
import { Loaded } from "../../ui/States.tsx"
import { Status } from "../../ui/Status.tsx"
import { Table } from "../../ui/Table.tsx"
import { texts } from "./messages.ts"
import { Outcome, type Request } from "./Requests.tsx"
import { tones, useReason } from "./Trail.tsx"
import { type Attempt, nextOf, parse } from "./trail.ts"
import "./requests.css"

const useSentence = (): ((request: Request, attempts: ReadonlyArray<Attempt>) => string) => {
  const { sentence } = useTexts(texts)
  const toReason = useReason()
  return ({ answeredBy, model, status }, attempts) => {
    const asked = model ?? "–"
    const bad = attempts.filter(({ kind }) => kind !== "ok")
    const why = [...new Set(bad.map(toReason))].filter((each) => each !== "").join("; ")
    if (attempts.length === 0) return sentence.refused(status)
    if (status >= 400) return sentence.failed(asked, why)
    if (bad.length === 0) return sentence.straight(asked, answeredBy ?? asked)
    return answeredBy === null || answeredBy === asked
      ? sentence.key(asked, bad.length)
      : sentence.fallback(asked, answeredBy, why)
  }
}

/** The share of the whole, in percent, that a bar begins at and takes; each is seen, however short it was. */
const placeOf = ({ millis, startsAt }: Attempt, whole: number): { readonly left: string; readonly width: string } => ({
  left: `${(startsAt / whole) * 100}%`,
  width: `max(6px, ${(millis / whole) * 100}%)`
})

const Timeline = ({ attempts, request }: { readonly attempts: ReadonlyArray<Attempt>; readonly request: Request }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const toReason = useReason()
  const whole = Math.max(1, request.ms, ...attempts.map(({ millis, startsAt }) => startsAt + millis))
  return (
    <ol className="timeline">
      {attempts.map((attempt, at) => (
        <li key={`${attempt.model} ${attempt.key} ${attempt.startsAt} ${attempt.kind}`}>
          <div className="timeline-what">
            <span className="mono cut">
              {attempt.provider}/{attempt.model}
              {attempt.key === undefined ? null : <span className="quiet"> #{attempt.key}</span>}
            </span>
          </div>
          <div className="timeline-track">
            {attempt.kind === "skipped" ? null : (
              <span className="timeline-bar" data-tone={tones[attempt.kind]} style={placeOf(attempt, whole)} />
            )}
          </div>
          <div className="timeline-said">
            <Status tone={tones[attempt.kind]}>
              {attempt.kind === "ok"
                ? `${t.ok}, ${format.duration(attempt.millis)}`
                : attempt.kind === "skipped"
                  ? t.because(toReason(attempt))
                  : `${toReason(attempt)}, ${format.duration(attempt.millis)}`}
            </Status>
            <span className="quiet">
              {attempt.afterContent ? `${t.afterContent}, ` : ""}
              {t.nexts[nextOf(attempts, at)]}
            </span>
          </div>
        </li>
      ))}
    </ol>
  )
}

const AsTable = ({ attempts }: { readonly attempts: ReadonlyArray<Attempt> }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const toReason = useReason()
  const rows = attempts.map((attempt, at) => ({ ...attempt, at }))
  return (
    <Table
      label={t.trail}
      rows={rows}
      keyOf={({ at }) => at}
      columns={[
        { id: "number", head: "#", cell: ({ at }) => t.attempt(at + 1) },
        {
          id: "target",
          head: t.target,
          cell: ({ model, provider }) => <span className="mono">{`${provider}/${model}`}</span>
        },
        { id: "key", head: t.key, cell: ({ key }) => <span className="mono">{key ?? "–"}</span> },
        {
          id: "what",
          head: t.what,
          cell: (attempt) => (
            <Status tone={tones[attempt.kind]}>
              {attempt.kind === "ok"
                ? t.ok
                : attempt.kind === "skipped"
                  ? t.because(toReason(attempt))
                  : toReason(attempt)}
            </Status>
          )
        },
        { id: "took", head: t.took, align: "end", cell: ({ millis }) => format.duration(millis) },
        { id: "next", head: t.next, cell: ({ at }) => t.nexts[nextOf(attempts, at)] }
      ]}
    />
  )
}

const Facts = ({ request }: { readonly request: Request }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const facts: ReadonlyArray<readonly [string, string]> = [
    [t.consumer, request.consumer ?? "–"],
    [t.route, request.route ?? "–"],
    [t.asked, request.model ?? "–"],
    [t.answered, request.answeredBy ?? "–"],
    [t.endpoint, request.endpoint],
    [t.status, `${request.status}${request.error === null ? "" : ` ${request.error}`}`],
    [t.first, format.duration(request.firstMs)],
    [t.total, format.duration(request.ms)],
    [t.tokens, `${format.number(request.inputTokens)} / ${format.number(request.outputTokens)}`],
    [t.cost, format.money(request.cost, request.currency)]
  ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const Copy = ({ text }: { readonly text: string }) => {
  const t = useTexts(texts)
  const [copied, setCopied] = useState(false)
  return (
    <Button
      size="small"
      icon={copied ? "check" : "copy"}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      {copied ? t.copied : t.copyId}
    </Button>
  )
}

const Shown = ({ request }: { readonly request: Request }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const [view, setView] = useState<"timeline" | "table">("timeline")
  const attempts = parse(request.trail)
  const toSentence = useSentence()
  return (
    <>
      <div className="page-head">
        <div>
          <h1 className="mono">{request.requestId}</h1>
          <p className="page-lead">{format.exact(request.time)}</p>
        </div>
        <div className="row" data-wrap>
          <Outcome request={request} />
          <Copy text={request.requestId} />
        </div>
      </div>
      <p className="sentence">{toSentence(request, attempts)}</p>
      {attempts.length === 0 ? null : (
        <section className="panel" aria-label={t.trail}>
          <header>
            <h2>{t.trail}</h2>
            <Segments
              label={t.trail}
              value={view}
              onChange={setView}
              options={[
                { value: "timeline", label: t.timeline },
                { value: "table", label: t.asTable }
              ]}
            />
          </header>
          {view === "timeline" ? <Timeline attempts={attempts} request={request} /> : <AsTable attempts={attempts} />}
        </section>
      )}
      <section className="panel" aria-label={t.facts}>
        <header>
          <h2>{t.facts}</h2>
        </header>
        <Facts request={request} />
      </section>
    </>
  )
}

/** The page. */
export default function Call() {
  const t = useTexts(texts)
  const id = useParameter("id")
  const query = useQuery({
    queryKey: ["requests", id],
    queryFn: ({ signal }) => get("/requests/:id", { params: { id }, signal })
  })
  return (
    <div className="page">
      <p>
        <Link to={"/requests" as never}>‹ {t.back}</Link>
      </p>
      <Loaded query={query}>{(request) => <Shown request={request} />}</Loaded>
    </div>
  )
}
