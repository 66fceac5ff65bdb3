/** Providers and their keys: who is out, why, since when, and until when; test, disable, restore. */
import "./providers.css"
import { useMemo, useState } from "react"
import { type Key, type Provider, useProviders, useRoutes, useStatistics } from "../../api/queries.ts"
import { usePageTitle } from "../../app/Current.tsx"
import { useSession } from "../../app/Session.tsx"
import { useTexts } from "../../text/Language.tsx"
import { Button } from "../../ui/Button.tsx"
import { Dialog } from "../../ui/Over.tsx"
import { Bones, Empty, Loaded, Notice } from "../../ui/States.tsx"
import { Status } from "../../ui/Status.tsx"
import { isLastUsable, routesOf, useChange, useTests } from "./actions.ts"
import { KeyTable, type Traffic } from "./KeyTable.tsx"
import { texts } from "./messages.ts"

/** What went to each key of a provider of late, by the key's id. */
const useTraffic = (provider: string): ReadonlyMap<string, Traffic> => {
  const { data } = useStatistics("5m")
  return useMemo(() => {
    const sums = new Map<string, Traffic>()
    const prefix = `key:${provider}/`
    for (const { calls, failed, to } of data?.edges ?? []) {
      if (!to.startsWith(prefix)) continue
      const id = to.slice(prefix.length)
      const before = sums.get(id) ?? { calls: 0, failed: 0 }
      sums.set(id, { calls: before.calls + calls, failed: before.failed + failed })
    }
    return sums
  }, [data, provider])
}

const LastUsable = ({
  item,
  onClose,
  onDisable,
  provider
}: {
  readonly provider: string
  readonly item: Key | undefined
  readonly onClose: () => void
  readonly onDisable: (key: Key) => void
}) => {
  const t = useTexts(texts)
  const { data: routes = [] } = useRoutes()
  const { fail, fallBack } = routesOf(provider, routes)
  return (
    <Dialog title={t.lastTitle} open={item !== undefined} onClose={onClose} closeLabel={t.close}>
      <div className="stack">
        <p>{t.lastLead(item?.name ?? "", provider)}</p>
        {fallBack.length === 0 ? null : <Notice tone="warn">{t.lastFallBack(fallBack.join(", "))}</Notice>}
        {fail.length === 0 ? null : <Notice tone="bad">{t.lastFail(fail.join(", "))}</Notice>}
        <div className="row dialog-actions">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            kind="danger"
            onClick={() => {
              onClose()
              if (item !== undefined) onDisable(item)
            }}
          >
            {t.disable}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

const Head = ({ onTestAll, provider }: { readonly provider: Provider; readonly onTestAll: () => void }) => {
  const t = useTexts(texts)
  const { may } = useSession()
  const { baseUrl, keys, name, type } = provider
  const usable = keys.filter(({ state }) => state.state === "Available").length
  const out = keys.length - usable
  return (
    <header>
      <div className="provider-head">
        <div className="row" data-wrap>
          <h2 className="cut">{name}</h2>
          {type === name ? null : <span className="tag">{type}</span>}
          {usable > 0 ? (
            <Status boxed tone="ok">
              {t.usable(usable)}
            </Status>
          ) : null}
          {out > 0 ? (
            <Status boxed tone={usable === 0 ? "bad" : "warn"}>
              {t.out(out)}
            </Status>
          ) : null}
        </div>
        <code className="quiet cut">{baseUrl}</code>
      </div>
      {may("operate") && keys.length > 0 ? (
        <Button size="small" onClick={onTestAll} aria-label={`${t.testAll}: ${name}`}>
          {t.testAll}
        </Button>
      ) : null}
    </header>
  )
}

const ProviderPanel = ({ provider }: { readonly provider: Provider }) => {
  const t = useTexts(texts)
  const traffic = useTraffic(provider.name)
  const { results, test } = useTests(provider.name)
  const change = useChange(provider.name)
  const [asked, setAsked] = useState<Key>()
  const disable = (key: Key): void => change.mutate({ change: "disable", key })
  return (
    <section className="panel" aria-label={provider.name} id={provider.name}>
      <Head provider={provider} onTestAll={() => void Promise.all(provider.keys.map(test))} />
      {change.error === null ? null : <Notice tone="bad">{t.failedToChange(change.error.message)}</Notice>}
      {provider.keys.length === 0 ? (
        <p className="panel-body quiet">{t.noKeys}</p>
      ) : (
        <KeyTable
          provider={provider}
          traffic={traffic}
          results={results}
          onTest={(key) => void test(key)}
          onDisable={(key) => (isLastUsable(provider, key) ? setAsked(key) : disable(key))}
          onRestore={(key) => change.mutate({ change: "restore", key })}
        />
      )}
      <LastUsable provider={provider.name} item={asked} onClose={() => setAsked(undefined)} onDisable={disable} />
    </section>
  )
}

/** The page. */
export default function Providers() {
  const t = useTexts(texts)
  const { may } = useSession()
  const providers = useProviders()
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{usePageTitle()}</h1>
          <p className="page-lead">{t.lead}</p>
        </div>
      </div>
      {may("operate") ? null : <Notice tone="off">{t.readOnly}</Notice>}
      <Loaded query={providers} bones={<Bones rows={6} height={28} />}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t.empty}>{t.emptyLead}</Empty>
          ) : (
            all.map((provider) => <ProviderPanel key={provider.name} provider={provider} />)
          )
        }
      </Loaded>
    </div>
  )
}
