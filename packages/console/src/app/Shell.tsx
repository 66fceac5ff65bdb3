/** Around every page: navigation, header with the state of the connection, and what is to be known everywhere. */
import { Link, Outlet, useRouterState } from "@tanstack/react-router"
import { type ReactNode, useEffect, useState } from "react"
import { useConnection, useLive } from "../live/useLive.ts"
import { useNow } from "../live/useNow.ts"
import { useLanguage, useTexts } from "../text/Language.tsx"
import { Button, IconButton } from "../ui/Button.tsx"
import { Icon } from "../ui/Icon.tsx"
import { Drawer, Menu } from "../ui/Over.tsx"
import { Notice } from "../ui/States.tsx"
import { Status } from "../ui/Status.tsx"
import { useScheme, useShownScheme } from "../ui/Theme.tsx"
import { Commands } from "./Commands.tsx"
import { ConfigNotice } from "./ConfigNotice.tsx"
import { Current } from "./Current.tsx"
import { shellTexts } from "./messages.ts"
import type { Page } from "./Page.ts"
import { useSession } from "./Session.tsx"

const groups = ["watch", "steer", "try", "system"] as const

const Navigation = ({ onGo, pages }: { readonly pages: ReadonlyArray<Page>; readonly onGo?: () => void }) => {
  const texts = useTexts(shellTexts)
  const { language } = useLanguage()
  const { may } = useSession()
  return (
    <nav aria-label={texts.navigation}>
      {groups.map((group) => {
        const own = pages.filter(({ nav, scope }) => nav?.group === group && (scope === undefined || may(scope)))
        return own.length === 0 ? null : (
          <div key={group} className="nav-group">
            <span className="nav-title">{texts.groups[group]}</span>
            {own.map(({ nav, path, title }) => (
              <Link
                key={path}
                to={path}
                className="nav-link"
                activeOptions={{ exact: path === "/" }}
                {...(onGo === undefined ? {} : { onClick: onGo })}
              >
                {nav === undefined ? null : <Icon name={nav.icon} />}
                {title[language]}
              </Link>
            ))}
          </div>
        )
      })}
    </nav>
  )
}

/** Seconds without the stream from which on the bar is shown: a reload of the gateway takes less. */
const patience = 2

const LiveState = () => {
  const texts = useTexts(shellTexts)
  const { state } = useConnection()
  if (state === "live") return <Status tone="ok">{texts.live}</Status>
  return <Status tone={state === "lost" ? "warn" : "off"}>{texts.connecting}</Status>
}

const LostNotice = () => {
  const texts = useTexts(shellTexts)
  const { since, state, tries } = useConnection()
  const now = useNow()
  const seconds = Math.max(0, Math.round((now - since) / 1_000))
  if (state !== "lost" || seconds < patience) return null
  return <Notice tone="warn">{tries > 3 ? texts.gatewayDown(seconds) : texts.lost(seconds, tries)}</Notice>
}

const Header = ({ onMenu, onSearch }: { readonly onMenu: () => void; readonly onSearch: () => void }) => {
  const texts = useTexts(shellTexts)
  const { language, setLanguage } = useLanguage()
  const { setScheme } = useScheme()
  const shown = useShownScheme()
  const { logOut, me } = useSession()
  return (
    <header className="header">
      <span className="header-menu">
        <IconButton icon="menu" label={texts.menu} onClick={onMenu} />
      </span>
      <Link to="/" className="brand">
        <img src="/icon.svg" alt="" width={24} height={24} />
        <span>Understudy</span>
      </Link>
      <button type="button" className="search" onClick={onSearch} aria-keyshortcuts="Control+K">
        <Icon name="search" />
        <span>{texts.search}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <span className="header-space" />
      <LiveState />
      <Button
        kind="quiet"
        lang={language === "zh" ? "en" : "zh-CN"}
        onClick={() => setLanguage(language === "zh" ? "en" : "zh")}
      >
        {texts.language}
      </Button>
      <IconButton
        icon={shown === "dark" ? "sun" : "moon"}
        label={shown === "dark" ? texts.light : texts.dark}
        onClick={() => setScheme(shown === "dark" ? "light" : "dark")}
      />
      <Menu
        button={
          <button type="button" className="button" data-kind="quiet" aria-label={`${texts.account}: ${me.name}`}>
            <Icon name="person" />
            <span className="header-name">{me.name}</span>
          </button>
        }
        items={[
          { label: texts.apiDocs, icon: "external", onSelect: () => void window.open("/docs") },
          { label: texts.logOut, icon: "person", onSelect: () => void logOut() }
        ]}
      />
    </header>
  )
}

const useCtrlK = (open: () => void): void =>
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      open()
    }
    addEventListener("keydown", onKey)
    return () => removeEventListener("keydown", onKey)
  }, [open])

/** The page at the address, which the browser's tab names too. */
const useCurrent = (pages: ReadonlyArray<Page>): Page | undefined => {
  const { language } = useLanguage()
  const matched = useRouterState({ select: ({ matches }): string | undefined => matches.at(-1)?.fullPath })
  const page = pages.find(({ path }) => path === matched)
  const title = page?.title[language]
  useEffect(() => {
    document.title = title === undefined ? "Understudy" : `${title} · Understudy`
  }, [title])
  return page
}

/** The frame of every page. */
export const Shell = ({
  children = <Outlet />,
  pages
}: {
  readonly pages: ReadonlyArray<Page>
  readonly children?: ReactNode
}) => {
  const texts = useTexts(shellTexts)
  const [isSearching, setSearching] = useState(false)
  const [hasMenu, setMenu] = useState(false)
  const [search] = useState(() => () => setSearching(true))
  useLive()
  useCtrlK(search)
  const current = useCurrent(pages)
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {texts.skip}
      </a>
      <Header onMenu={() => setMenu(true)} onSearch={search} />
      <aside className="side">
        <Navigation pages={pages} />
      </aside>
      <main id="content" className="content" tabIndex={-1}>
        <LostNotice />
        <ConfigNotice />
        <Current value={current}>{children}</Current>
      </main>
      <Commands open={isSearching} onClose={() => setSearching(false)} pages={pages} />
      <Drawer title="Understudy" open={hasMenu} onClose={() => setMenu(false)} closeLabel={texts.close} size={280}>
        <Navigation pages={pages} onGo={() => setMenu(false)} />
      </Drawer>
    </div>
  )
}
