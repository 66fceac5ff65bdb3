/** Filters that live in the address, so that a link shows what its sender saw. */
import { useNavigate, useParams, useRouterState } from "@tanstack/react-router"
import { useCallback } from "react"

/** The search of the address, as text by name. */
export type Search = Readonly<Record<string, string | undefined>>

/** The search of the address, and how to change a part of it; undefined or "" takes a part out. */
export const useSearch = (): readonly [Search, (change: Search) => void] => {
  const search = useRouterState({
    select: ({ location }): Readonly<Record<string, unknown>> => location.search
  })
  const navigate = useNavigate()
  const texts = Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)]))
  const change = useCallback(
    (given: Search) =>
      void navigate({
        to: ".",
        replace: true,
        search: ((before: Readonly<Record<string, unknown>>) =>
          Object.fromEntries(
            Object.entries({ ...before, ...given }).filter(([, value]) => value !== undefined && value !== "")
          )) as never
      }),
    [navigate]
  )
  return [texts, change]
}

/** A parameter of the address: `id` of `/requests/$id`. */
export const useParameter = (name: string): string => {
  const params: Readonly<Record<string, string>> = useParams({ strict: false })
  return params[name] ?? ""
}
