/** First visit and log-in. */
import { useMutation } from "@tanstack/react-query"
import { type FormEvent, type ReactNode, useState } from "react"
import { ApiError, post } from "../api/Api.ts"
import { useLanguage, useTexts } from "../text/Language.tsx"
import { Button } from "../ui/Button.tsx"
import { PasswordField, TextField } from "../ui/Fields.tsx"
import { Bone, Notice } from "../ui/States.tsx"
import type { Me } from "./Me.ts"
import { doorTexts, shellTexts } from "./messages.ts"
import { type Strength, strengthOf } from "./strength.ts"

/** Fewest characters of a password, as the API has it. */
const fewest = 12

const useWords = () => {
  const { wait } = useTexts(doorTexts)
  return (error: Error | null): string | undefined => {
    if (error === null) return undefined
    const after = error instanceof ApiError ? error.detail["retryAfter"] : undefined
    return typeof after === "number" ? wait(Math.ceil(after / 1_000)) : error.message
  }
}

const Form = ({
  busy,
  children,
  error,
  lead,
  onSubmit,
  ready,
  submit
}: {
  readonly lead: string
  readonly submit: string
  readonly ready: boolean
  readonly busy: boolean
  readonly error: string | undefined
  readonly onSubmit: () => void
  readonly children: ReactNode
}) => (
  <form
    className="stack"
    onSubmit={(event: FormEvent) => {
      event.preventDefault()
      if (ready && !busy) onSubmit()
    }}
  >
    <p className="quiet">{lead}</p>
    {children}
    {error === undefined ? null : <Notice tone="bad">{error}</Notice>}
    <Button kind="primary" type="submit" disabled={!ready} busy={busy}>
      {submit}
    </Button>
  </form>
)

/** Asks for name and password. */
export const LogInForm = ({
  lead,
  name: known = "admin",
  onEnter
}: {
  readonly lead: string
  readonly name?: string
  readonly onEnter: (me: Me) => void
}) => {
  const texts = useTexts(doorTexts)
  const words = useWords()
  const [name, setName] = useState(known)
  const [password, setPassword] = useState("")
  const entering = useMutation({
    mutationFn: () => post("/session", { payload: { name, password } }),
    onSuccess: onEnter
  })
  return (
    <Form
      lead={lead}
      submit={texts.logIn}
      ready={name !== "" && password !== ""}
      busy={entering.isPending}
      error={words(entering.error)}
      onSubmit={() => entering.mutate()}
    >
      <TextField label={texts.name} name="username" autoComplete="username" value={name} onChange={setName} />
      <PasswordField
        label={texts.password}
        name="password"
        autoComplete="current-password"
        autoFocus
        value={password}
        onChange={setPassword}
        showLabel={texts.show}
      />
    </Form>
  )
}

const tones: Readonly<Record<Strength, number>> = { weak: 1, fair: 2, good: 3 }

const Meter = ({ password }: { readonly password: string }) => {
  const { strength, strengthLabel, tooShort } = useTexts(doorTexts)
  const is = strengthOf(password)
  const missing = fewest - password.length
  return (
    <div className="meter" data-strength={is}>
      <meter className="unseen" min={0} max={3} value={tones[is]} aria-label={strengthLabel} />
      <span className="meter-bar" aria-hidden="true" />
      <span className="quiet" aria-live="polite">
        {missing > 0 ? tooShort(missing) : strength[is]}
      </span>
    </div>
  )
}

/** The token of a link that the gateway printed: behind `#`, so that it is never sent in an address. */
const tokenOfLink = (): string => new URLSearchParams(location.hash.slice(1)).get("setup") ?? ""

const SetUpForm = ({ onEnter }: { readonly onEnter: (me: Me) => void }) => {
  const texts = useTexts(doorTexts)
  const words = useWords()
  const [token, setToken] = useState(tokenOfLink)
  const [hadLink] = useState(token !== "")
  const [password, setPassword] = useState("")
  const [again, setAgain] = useState("")
  const setting = useMutation({
    mutationFn: () => post("/setup", { payload: { token: token.trim(), password } }),
    onSuccess: (me) => {
      history.replaceState(null, "", location.pathname)
      onEnter(me)
    }
  })
  const differs = again !== "" && again !== password
  return (
    <Form
      lead={texts.welcomeLead}
      submit={texts.setUp}
      ready={token.trim() !== "" && password.length >= fewest && again === password}
      busy={setting.isPending}
      error={words(setting.error)}
      onSubmit={() => setting.mutate()}
    >
      <TextField
        label={texts.token}
        help={texts.tokenHelp}
        value={token}
        onChange={setToken}
        autoComplete="off"
        mono
        autoFocus={!hadLink}
      />
      <input type="hidden" name="username" autoComplete="username" value="admin" readOnly />
      <div>
        <PasswordField
          label={texts.password}
          help={texts.passwordHelp}
          autoComplete="new-password"
          autoFocus={hadLink}
          value={password}
          onChange={setPassword}
          showLabel={texts.show}
        />
        {password === "" ? null : <Meter password={password} />}
      </div>
      <PasswordField
        label={texts.again}
        autoComplete="new-password"
        value={again}
        onChange={setAgain}
        error={differs ? texts.differ : undefined}
        showLabel={texts.show}
      />
    </Form>
  )
}

/** What stands in place of the pages until somebody is logged in; `required` is not known at first. */
export const Door = ({
  onEnter,
  required,
  unreachable
}: {
  readonly required: boolean | undefined
  readonly unreachable: boolean
  readonly onEnter: (me: Me) => void
}) => {
  const texts = useTexts(doorTexts)
  const { language: other } = useTexts(shellTexts)
  const { language, setLanguage } = useLanguage()
  return (
    <main className="door">
      <div className="door-card panel">
        <div className="row door-head">
          <img src="/icon.svg" alt="" width={28} height={28} />
          <h1>{required === true ? texts.welcome : "Understudy"}</h1>
          <Button
            kind="quiet"
            size="small"
            lang={language === "zh" ? "en" : "zh-CN"}
            onClick={() => setLanguage(language === "zh" ? "en" : "zh")}
          >
            {other}
          </Button>
        </div>
        {unreachable && required === undefined ? <Notice tone="warn">{texts.unreachable}</Notice> : null}
        {required === undefined ? <Bone height={220} /> : null}
        {required === true ? <SetUpForm onEnter={onEnter} /> : null}
        {required === false ? (
          <>
            <LogInForm lead={texts.logInLead} onEnter={onEnter} />
            <p className="quiet door-foot">{texts.forgotten}</p>
          </>
        ) : null}
      </div>
    </main>
  )
}
