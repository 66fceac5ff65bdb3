/** Which kinds of faults the runs exercised, as a table to unfold. */
import * as Exercised from "../Exercised.ts"
import type { Judged } from "../Judged.ts"
import * as Format from "./Format.ts"
import { html, type Markup, none, words } from "./Markup.ts"

const row = ({ kind, requests, scenarios }: Exercised.Exercised): Markup =>
  html`<tr><td><code>${kind}</code></td><td class="num">${requests === 0 ? "–" : Format.count(requests)}</td><td class="num">${requests === 0 ? "–" : Format.count(scenarios)}</td></tr>
`

/** The table; kinds that nothing was shaped by come last. */
export const render = (list: ReadonlyArray<Judged>): Markup => {
  if (list.length === 0) return none
  const all = Exercised.of(list)
  const [met, unmet] = [all.filter(({ requests }) => requests > 0), all.filter(({ requests }) => requests === 0)]
  const [some, every] = [Format.count(met.length), Format.count(all.length)]
  return html`<details class="run" id="faults"><summary><h2>${words((text) => text.exercised(some, every))}</h2></summary><div class="body scroll" tabindex="0" role="region" aria-label="${some}/${every}"><table><thead><tr><th scope="col">${words((text) => text.fault)}</th><th scope="col" class="num">${words((text) => text.requests)}</th><th scope="col" class="num">${words((text) => text.scenarios)}</th></tr></thead><tbody>${[...met, ...unmet].map(row)}</tbody></table></div></details>`
}
