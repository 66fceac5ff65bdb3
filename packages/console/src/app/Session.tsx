/**
 * Who is logged in. Before anybody is, the door stands in place of the pages; when a session ends later, the door stands over
 * the page, and whatever was asked for goes on afterwards.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query"
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from "react"
import { type Answer, ApiError, get, remove, setDoorkeeper } from "../api/Api.ts"
import { useTexts } from "../text/Language.tsx"
import { Dialog } from "../ui/Over.tsx"
import { Door, LogInForm } from "./Door.tsx"
import type { Me, Scope } from "./Me.ts"
import { doorTexts, shellTexts } from "./messages.ts"

interface Session {
  readonly me: Me
  /** Whether they may. */
  readonly may: (scope: Scope) => boolean
  readonly logOut: () => Promise<void>
}

const Context = createContext<Session | undefined>(undefined)

/** Who is logged in; within a page somebody is. */
export const useSession = (): Session => {
  const session = use(Context)
  if (session === undefined) throw new Error("nobody is logged in here")
  return session
}

const whoAmI = async (): Promise<Me | null> => {
  try {
    return await get("/session")
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null
    throw error
  }
}

/** Asks again until the gateway answers. */
const patient = { retry: true, retryDelay: 2_000, staleTime: Number.POSITIVE_INFINITY } as const

/** The dialog over the page, and the promise that it keeps. */
const useReturn = () => {
  const [isOut, setOut] = useState(false)
  const waiting = useRef<Array<() => void>>([])
  useEffect(() => {
    setDoorkeeper({
      enter: () =>
        new Promise((resolve) => {
          waiting.current.push(resolve)
          setOut(true)
        })
    })
  }, [])
  const enter = useCallback(() => {
    setOut(false)
    for (const resolve of waiting.current.splice(0)) resolve()
  }, [])
  return { isOut, enter }
}

/** Shows the pages to whoever is logged in, and the door to everybody else. */
export const SessionProvider = ({ children }: { readonly children: ReactNode }) => {
  const client = useQueryClient()
  const setup = useQuery({ queryKey: ["setup"], queryFn: () => get("/setup"), ...patient })
  const session = useQuery({
    queryKey: ["session"],
    queryFn: whoAmI,
    enabled: setup.data?.required === false,
    ...patient
  })
  const { enter, isOut } = useReturn()
  const { loggedOut, logIn } = useTexts(doorTexts)
  const { close } = useTexts(shellTexts)
  const me = session.data ?? undefined
  const onMe = useCallback(
    (entered: Me) => {
      client.setQueryData(["session"], entered)
      client.setQueryData(["setup"], (before: Answer<"GET", "/setup"> | undefined) =>
        before === undefined ? before : { ...before, required: false }
      )
      enter()
    },
    [client, enter]
  )
  const value = useMemo(
    () =>
      me === undefined
        ? undefined
        : {
            me,
            may: (scope: Scope) => me.scopes.includes(scope),
            logOut: async () => {
              await remove("/session")
              client.clear()
              location.assign("/")
            }
          },
    [client, me]
  )
  if (value === undefined) {
    const unreachable = setup.failureReason !== null || session.failureReason !== null
    const isKnown = setup.data?.required === true || session.data !== undefined
    return <Door required={isKnown ? setup.data?.required : undefined} unreachable={unreachable} onEnter={onMe} />
  }
  return (
    <Context value={value}>
      {children}
      <Dialog title={logIn} open={isOut} onClose={() => {}} closeLabel={close} lasting size={400}>
        <LogInForm lead={loggedOut} name={value.me.name} onEnter={onMe} />
      </Dialog>
    </Context>
  )
}
