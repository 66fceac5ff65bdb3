/** What happened of late, the latest first. */
import { useLatest } from "../../api/queries.ts"
import { useNow } from "../../live/useNow.ts"
import { useFormat } from "../../text/Format.ts"
import { useTexts } from "../../text/Language.tsx"
import { useHappened } from "../../text/Reasons.ts"
import { Bones, Loaded } from "../../ui/States.tsx"
import { Mark, type Tone } from "../../ui/Status.tsx"
import { texts } from "./messages.ts"

const tones: Readonly<Record<string, Tone>> = {
  "key-removed": "bad",
  "key-cooling": "warn",
  "key-restored": "ok",
  "key-probed": "warn",
  "key-disabled": "off",
  "circuit-open": "bad",
  "circuit-halfopen": "warn",
  "circuit-closed": "ok",
  "config-applied": "ok",
  "config-refused": "bad"
}

/** As many as one reads. */
const shown = 12

/** The list. */
export const Happened = () => {
  const t = useTexts(texts)
  const format = useFormat()
  const now = useNow()
  const say = useHappened()
  const latest = useLatest()
  return (
    <section className="panel" aria-label={t.happenings}>
      <header>
        <h2>{t.happenings}</h2>
      </header>
      <Loaded query={latest} bones={<Bones rows={4} />}>
        {(happenings) =>
          happenings.length === 0 ? (
            <p className="panel-body quiet">{t.nothing}</p>
          ) : (
            <ol className="happened">
              {happenings.slice(0, shown).map((happening) => (
                <li key={happening.id}>
                  <Mark tone={tones[happening.kind] ?? "off"} />
                  <span>{say(happening)}</span>
                  <time
                    className="quiet num"
                    dateTime={new Date(happening.at).toISOString()}
                    title={format.exact(happening.at)}
                  >
                    {format.relative(Math.min(happening.at, now), now)}
                  </time>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </section>
  )
}
