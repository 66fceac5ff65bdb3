/** Knows a recorded exchange for a row of the mocks' table of rules, and says whether it bears the row out. */
import * as Rules from "@understudy/mocks/Rules"
import type { Exchange } from "../Cassette.ts"
import * as Redaction from "../Redaction.ts"
import * as Request from "./Request.ts"

const safe = { secrets: [], keepText: false }

const rows: ReadonlyMap<string, Rules.Rule> = new Map(
  Rules.table.map((rule) => [`${rule.vendor} ${Request.hashOf(rule.body)}`, rule])
)

/** The row that the exchange is about; undefined where its request is nobody's. */
export const ruleOf = ({ asked, recording }: Exchange): Rules.Rule | undefined =>
  rows.get(`${recording.vendor} ${asked.body}`)

/** Whether the answer says nothing of the rule: the account was at its limit, or the vendor was not well. */
export const isBeside = ({ status }: Rules.Rule, { recording }: Exchange): boolean =>
  recording.status !== status && (recording.status === 429 || recording.status >= 500 || recording.end !== "complete")

/** What differs: nothing where the rule holds. */
export const compare = (rule: Rules.Rule, { recording }: Exchange) => {
  const { frames, status } = Redaction.recording(recording, safe)
  const said = frames.map(({ data }) => data).join("")
  const { answer, lacks, name } = rule
  if (status === rule.status && said.includes(answer) && (lacks === undefined || !said.includes(lacks))) return []
  const without = lacks === undefined ? "" : ` without ${lacks}`
  return [
    {
      place: `rule ${name}`,
      real: `${status} ${said.slice(0, 300)}`.trim(),
      mock: `${rule.status} ${answer}${without}`
    }
  ]
}
