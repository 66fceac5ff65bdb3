/** What several pages ask for, each under the key that happenings make stale. */
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { type Answer, get } from "./Api.ts"

/** A provider with its keys. */
export type Provider = Answer<"GET", "/providers">[number]

/** A key of a provider. */
export type Key = Provider["keys"][number]

/** A route. */
export type Route = Answer<"GET", "/routes">[number]

/** What happened within a window. */
export type Statistics = Answer<"GET", "/stats">

/** The windows that statistics are kept for. */
export const windows = ["5m", "1h", "24h"] as const

/** A window. */
export type Window = (typeof windows)[number]

/** Milliseconds between two looks: the shorter a window, the sooner it changes. */
const every: Readonly<Record<Window, number>> = { "5m": 2_000, "1h": 10_000, "24h": 30_000 }

/** Every provider with its keys; asked anew by what happens, and now and then for what does not. */
export const useProviders = () =>
  useQuery({ queryKey: ["providers"], queryFn: ({ signal }) => get("/providers", { signal }), refetchInterval: 15_000 })

/** Every route. */
export const useRoutes = () => useQuery({ queryKey: ["routes"], queryFn: ({ signal }) => get("/routes", { signal }) })

/** The latest things that happened. */
export const useLatest = () =>
  useQuery({ queryKey: ["happenings"], queryFn: ({ signal }) => get("/happenings", { signal }) })

/** Statistics of a window, as long as somebody looks. */
export const useStatistics = (window: Window) =>
  useQuery({
    queryKey: ["statistics", window],
    queryFn: ({ signal }) => get("/stats", { query: { window }, signal }),
    refetchInterval: every[window],
    placeholderData: keepPreviousData
  })

/** What runs, and where applications ask it. */
export const useVersion = () =>
  useQuery({
    queryKey: ["version"],
    queryFn: ({ signal }) => get("/version", { signal }),
    staleTime: Number.POSITIVE_INFINITY
  })
