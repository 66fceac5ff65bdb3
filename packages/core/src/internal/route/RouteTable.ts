/**
 * All routes, in the order in which they are asked: exact names, prefixes from long to short, regular expressions; the
 * configuration's order breaks ties. Sorted once.
 */
import * as Matcher from "../../route/Matcher.ts"
import type { Route } from "../../route/Route.ts"

/** Routes by specificity. */
export interface RouteTable {
  readonly routes: ReadonlyArray<Route>
}

/** Compiles the table. */
export const make = (routes: ReadonlyArray<Route>): RouteTable => ({
  routes: routes.toSorted((a, b) => Matcher.bySpecificity(a.match, b.match))
})

/** The first route that takes the subject. */
export const match = (table: RouteTable, subject: Matcher.Subject): Route | undefined =>
  table.routes.find((route) => Matcher.mismatch(route.match, subject) === undefined)

/** The routes' conditions, for an error that says what exists. */
export const labels = (table: RouteTable): ReadonlyArray<string> =>
  table.routes.map((route) => `${route.name} (${Matcher.toLabel(route.match.model)})`)
