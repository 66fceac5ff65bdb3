/** Ctrl-K: every page and every action of the shell, by name in both languages. */
import { useNavigate } from "@tanstack/react-router"
import { type KeyboardEvent, useId, useState } from "react"
import { useLanguage, useTexts } from "../text/Language.tsx"
import { Icon, type IconName } from "../ui/Icon.tsx"
import { Dialog } from "../ui/Over.tsx"
import { useScheme } from "../ui/Theme.tsx"
import { shellTexts } from "./messages.ts"
import type { Page } from "./Page.ts"
import { useSession } from "./Session.tsx"

interface Command {
  readonly id: string
  readonly label: string
  readonly words: string
  readonly icon: IconName
  readonly run: () => void
}

const useCommands = (pages: ReadonlyArray<Page>): ReadonlyArray<Command> => {
  const navigate = useNavigate()
  const { language, setLanguage } = useLanguage()
  const { setScheme } = useScheme()
  const { logOut } = useSession()
  const texts = useTexts(shellTexts)
  const toPages = pages.flatMap(({ nav, path, title, words = "" }) =>
    nav === undefined
      ? []
      : [
          {
            id: path,
            label: title[language],
            words: `${title.en} ${title.zh} ${words}`,
            icon: nav.icon,
            run: () => void navigate({ to: path })
          }
        ]
  )
  return [
    ...toPages,
    { id: "light", label: texts.light, words: "light theme 浅色", icon: "sun", run: () => setScheme("light") },
    { id: "dark", label: texts.dark, words: "dark theme 深色 暗色", icon: "moon", run: () => setScheme("dark") },
    { id: "system", label: texts.system, words: "system theme 系统", icon: "settings", run: () => setScheme("auto") },
    {
      id: "language",
      label: texts.languageLabel,
      words: "language 语言 中文 english",
      icon: "language",
      run: () => setLanguage(language === "zh" ? "en" : "zh")
    },
    {
      id: "docs",
      label: texts.apiDocs,
      words: "api docs openapi 文档",
      icon: "external",
      run: () => void window.open("/docs")
    },
    { id: "out", label: texts.logOut, words: "log out 退出", icon: "person", run: () => void logOut() }
  ]
}

const List = ({ onDone, pages }: { readonly pages: ReadonlyArray<Page>; readonly onDone: () => void }) => {
  const texts = useTexts(shellTexts)
  const listId = useId()
  const [asked, setAsked] = useState("")
  const [at, setAt] = useState(0)
  const wanted = asked.trim().toLowerCase()
  const found = useCommands(pages).filter(({ label, words }) => `${label} ${words}`.toLowerCase().includes(wanted))
  const chosen = found[Math.min(at, found.length - 1)]
  const run = (command: Command | undefined): void => {
    if (command === undefined) return
    onDone()
    command.run()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") setAt(Math.min(at + 1, found.length - 1))
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0))
    else if (event.key === "Enter") run(chosen)
    else return
    event.preventDefault()
  }
  return (
    <div className="commands">
      <input
        className="commands-input"
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={chosen === undefined ? undefined : `${listId}-${chosen.id}`}
        aria-label={texts.searchHint}
        placeholder={texts.searchHint}
        data-autofocus
        value={asked}
        onChange={({ currentTarget }) => {
          setAsked(currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div id={listId} role="listbox" aria-label={texts.search}>
        {found.map((command) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field above keeps the focus, as a combobox does
          // biome-ignore lint/a11y/useKeyWithClickEvents: its keys are the field's
          <div
            key={command.id}
            id={`${listId}-${command.id}`}
            role="option"
            aria-selected={command === chosen}
            className="commands-item"
            onClick={() => run(command)}
          >
            <Icon name={command.icon} />
            {command.label}
          </div>
        ))}
        {found.length === 0 ? <p className="quiet commands-item">{texts.nothingFound}</p> : null}
      </div>
    </div>
  )
}

/** The dialog of commands. */
export const Commands = ({
  onClose,
  open,
  pages
}: {
  readonly open: boolean
  readonly onClose: () => void
  readonly pages: ReadonlyArray<Page>
}) => {
  const { close, search } = useTexts(shellTexts)
  return (
    <Dialog title={search} open={open} onClose={onClose} closeLabel={close}>
      <List pages={pages} onDone={onClose} />
    </Dialog>
  )
}
