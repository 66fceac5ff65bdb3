/** The parts of what a server shows when it has started. */
import type { RouteConfig, TargetConfig, UnderstudyConfig } from "@understudy/core/config/UnderstudyConfig"
import * as Matcher from "@understudy/core/route/Matcher"
import type { Messages } from "../Messages.ts"
import * as Version from "../Version.ts"
import type { Style } from "./Style.ts"
import { align } from "./Table.ts"

const toTarget = ({ model, provider }: TargetConfig): string =>
  model === undefined ? provider : `${provider}/${model}`

const toTargets = (targets: ReadonlyArray<TargetConfig>): string => targets.map(toTarget).join(" | ")

/** A route as one row: what it matches, where it leads, and what stands in. */
export const routeRow = (messages: Messages, style: Style, route: RouteConfig): ReadonlyArray<string> => [
  Matcher.toLabel(route.match.model),
  `→ ${toTargets(route.targets)}`,
  route.fallback.length === 0 ? "" : style.dim(`${messages.serve.standIn} ${route.fallback.map(toTarget).join(" → ")}`)
]

/** Every route, in the order in which they are asked. */
export const routes = (messages: Messages, style: Style, config: UnderstudyConfig): ReadonlyArray<string> =>
  align(Matcher.sort(config.routes).map((route) => routeRow(messages, style, route)))

/** Titles on the left, lines on the right: the first line of a block stands beside its title. */
export const blocks = (
  style: Style,
  parts: ReadonlyArray<readonly [title: string, lines: ReadonlyArray<string>]>
): ReadonlyArray<string> =>
  align(
    parts.flatMap(([title, lines]) => lines.map((line, index) => [index === 0 ? style.bold(title) : "", line])),
    "  "
  )

/** Such blocks under a heading, which says what this is about. */
export const page = (style: Style, about: string, parts: Parameters<typeof blocks>[1]): ReadonlyArray<string> => [
  "",
  `${style.bold("Understudy")} ${Version.version}  ${style.dim(about)}`,
  "",
  ...blocks(style, parts),
  ""
]

const loopbacks = new Set(["127.0.0.1", "::1", "localhost"])

/** True for an address that only this machine can reach. */
export const isLoopback = (host: string): boolean => loopbacks.has(host)

/** Who may use the gateway. */
export const access = (messages: Messages, style: Style, config: UnderstudyConfig, host: string): string => {
  const { consumers, open, openToNetwork } = messages.serve
  if (config.consumers.length > 0) return consumers(config.consumers.map(({ name }) => name).join(messages.common.and))
  return isLoopback(host) ? open : style.yellow(openToNetwork)
}
