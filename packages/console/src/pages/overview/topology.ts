/**
 * What the picture of the traffic shows, from the configuration and the statistics: four columns of nodes, and edges between
 * neighbours. What is configured is there without traffic too; what has traffic is there even where it is configured no more.
 */
import type { Key, Provider, Route, Statistics } from "../../api/queries.ts"
import type { Happening } from "../../live/Live.ts"

/** A column of the picture, from left to right. */
export type ColumnName = "consumers" | "routes" | "targets" | "keys"

/** A node. */
export interface Node {
  /** As the statistics name it: `route:aliyun`. */
  readonly id: string
  readonly column: ColumnName
  readonly name: string
  readonly provider?: string
  /** Calls that came in within the window. */
  readonly calls: number
  readonly key?: Key
  /** The state of a target. */
  readonly state?: "usable" | "noKey" | "open" | "halfOpen"
}

/** An edge. */
export interface Edge {
  readonly from: string
  readonly to: string
  readonly calls: number
  readonly failed: number
  readonly isFallback: boolean
}

/** The picture. */
export interface Topology {
  readonly columns: Readonly<Record<ColumnName, ReadonlyArray<Node>>>
  readonly edges: ReadonlyArray<Edge>
}

/** The model of a target that takes whichever is asked for. */
export const asAsked = "*"

type Target = Route["targets"][number]

const targetId = ({ model, provider }: Target): string => `target:${provider}/${model ?? asAsked}`

/** `qwen` and `qwen-max` of `target:qwen/qwen-max`. */
const partsOf = (id: string): readonly [provider: string, name: string] => {
  const path = id.slice(id.indexOf(":") + 1)
  const slash = path.indexOf("/")
  return [path.slice(0, slash), path.slice(slash + 1)]
}

const covers = (target: Target, id: string): boolean => {
  const [provider, model] = partsOf(id)
  return target.provider === provider && (target.model === null || target.model === model)
}

/** The circuits that are not closed, by `provider/model`, from what happened last to each. */
export const circuitsOf = (happenings: ReadonlyArray<Happening>): ReadonlyMap<string, "open" | "halfOpen"> => {
  const last = new Map<string, string>()
  // The latest come first.
  for (const { kind, model, provider } of happenings) {
    const target = `${provider ?? ""}/${model ?? ""}`
    if (kind.startsWith("circuit-") && !last.has(target)) last.set(target, kind)
  }
  return new Map(
    [...last].flatMap(([target, kind]): ReadonlyArray<[string, "open" | "halfOpen"]> => {
      if (kind === "circuit-open") return [[target, "open"]]
      return kind === "circuit-halfopen" ? [[target, "halfOpen"]] : []
    })
  )
}

/** The edges of routes: those with traffic, and those that are configured and have none. */
const routeEdges = (
  routes: ReadonlyArray<Route>,
  traffic: ReadonlyArray<Statistics["edges"][number]>
): ReadonlyArray<Edge> =>
  routes.flatMap(({ fallback, name, targets }) => {
    const from = `route:${name}`
    const sent = traffic.filter((edge) => edge.from === from)
    const known = [...targets, ...fallback]
    const idle = known.filter((target) => !sent.some(({ to }) => covers(target, to)))
    return [
      ...sent.map((edge) => ({ ...edge, isFallback: !targets.some((target) => covers(target, edge.to)) })),
      ...idle.map((target) => ({
        from,
        to: targetId(target),
        calls: 0,
        failed: 0,
        isFallback: !targets.includes(target)
      }))
    ]
  })

const sumInto = (edges: ReadonlyArray<{ readonly to: string; readonly calls: number }>, id: string): number =>
  edges.reduce((sum, { calls, to }) => (to === id ? sum + calls : sum), 0)

const isUsable = ({ state }: Key): boolean => state.state === "Available"

/** Puts the picture together. */
export const toTopology = (
  providers: ReadonlyArray<Provider>,
  routes: ReadonlyArray<Route>,
  statistics: Statistics,
  happenings: ReadonlyArray<Happening>
): Topology => {
  const circuits = circuitsOf(happenings)
  const traffic = statistics.edges
  const fromConsumers = traffic
    .filter(({ from }) => from.startsWith("consumer:"))
    .map((edge) => ({ ...edge, isFallback: false }))
  const toTargets = routeEdges(routes, traffic)
  const targetIds = [...new Set(toTargets.map(({ to }) => to))]
  const used = [...new Set(targetIds.map((id) => partsOf(id)[0]))]
  const toKeys = used.flatMap((name) => {
    const own = targetIds.filter((id) => partsOf(id)[0] === name)
    const keys = providers.find((provider) => provider.name === name)?.keys ?? []
    return keys.flatMap((key): ReadonlyArray<Edge> => {
      const to = `key:${name}/${key.id}`
      const sent = traffic.filter((edge) => edge.to === to && own.includes(edge.from))
      const idle = own.slice(0, 1).map((from) => ({ from, to, calls: 0, failed: 0, isFallback: false }))
      return sent.length === 0 ? idle : sent.map((edge) => ({ ...edge, isFallback: false }))
    })
  })
  const stateOf = (provider: string, model: string): NonNullable<Node["state"]> => {
    const keys = providers.find(({ name }) => name === provider)?.keys ?? []
    if (keys.length > 0 && !keys.some(isUsable)) return "noKey"
    return circuits.get(`${provider}/${model}`) ?? "usable"
  }
  return {
    columns: {
      consumers: [...new Set(fromConsumers.map(({ from }) => from))].map((id) => ({
        id,
        column: "consumers",
        name: id.slice("consumer:".length),
        calls: fromConsumers.reduce((sum, { calls, from }) => (from === id ? sum + calls : sum), 0)
      })),
      routes: routes.map(({ name }) => {
        const id = `route:${name}`
        return { id, column: "routes", name, calls: sumInto(fromConsumers, id) }
      }),
      targets: targetIds.map((id) => {
        const [provider, model] = partsOf(id)
        return {
          id,
          column: "targets",
          provider,
          name: model,
          calls: sumInto(toTargets, id),
          state: stateOf(provider, model)
        }
      }),
      keys: used.flatMap((name) =>
        (providers.find((provider) => provider.name === name)?.keys ?? []).map((key) => {
          const id = `key:${name}/${key.id}`
          return { id, column: "keys" as const, provider: name, name: key.name, calls: sumInto(toKeys, id), key }
        })
      )
    },
    edges: [...fromConsumers, ...toTargets, ...toKeys]
  }
}
