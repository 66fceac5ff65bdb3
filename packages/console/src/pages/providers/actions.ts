/** What is done to keys, and what it would mean. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { type Answer, post } from "../../api/Api.ts"
import type { Key, Provider, Route } from "../../api/queries.ts"

/** How a key's test went. */
export type KeyTest = Answer<"POST", "/providers/:provider/keys/:key/test">

/** The changes. */
export type Change = "disable" | "restore"

const paths = {
  disable: "/providers/:provider/keys/:key/disable",
  restore: "/providers/:provider/keys/:key/restore"
} as const

/** Tests keys of a provider, and keeps how the last test of each went, by the key's id. */
export const useTests = (provider: string) => {
  const client = useQueryClient()
  const [results, setResults] = useState<Readonly<Record<string, KeyTest | Error | "running">>>({})
  const test = async ({ id }: Key): Promise<void> => {
    const keep = (result: KeyTest | Error | "running"): void => setResults((before) => ({ ...before, [id]: result }))
    keep("running")
    try {
      keep(await post("/providers/:provider/keys/:key/test", { params: { provider, key: id } }))
    } catch (error) {
      keep(error instanceof Error ? error : new Error(String(error)))
    }
    await client.invalidateQueries({ queryKey: ["providers"] })
  }
  return { results, test }
}

/** Disables and restores keys of a provider. */
export const useChange = (provider: string) => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ change, key }: { readonly change: Change; readonly key: Key }) =>
      post(paths[change], { params: { provider, key: key.id } }),
    onSettled: () => client.invalidateQueries({ queryKey: ["providers"] })
  })
}

/** True for the only key of a provider that is usable. */
export const isLastUsable = ({ keys }: Provider, key: Key): boolean =>
  key.state.state === "Available" && keys.filter(({ state }) => state.state === "Available").length === 1

/** The routes that want this provider first: those that would fall back without it, and those that would fail. */
export const routesOf = (
  provider: string,
  routes: ReadonlyArray<Route>
): { readonly fallBack: ReadonlyArray<string>; readonly fail: ReadonlyArray<string> } => {
  const wanting = routes.filter(({ targets }) => targets.some((target) => target.provider === provider))
  const hasOther = ({ fallback, targets }: Route): boolean =>
    [...targets, ...fallback].some((target) => target.provider !== provider)
  return {
    fallBack: wanting.filter(hasOther).map(({ name }) => name),
    fail: wanting.filter((route) => !hasOther(route)).map(({ name }) => name)
  }
}
