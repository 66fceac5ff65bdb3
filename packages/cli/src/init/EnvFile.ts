/** The `.env` file: variables are put in or replaced, every other line stays as it is. */
import { parseEnv } from "node:util"
import { isVendor, urlsAt } from "@understudy/mocks/VendorList"
import * as Redacted from "effect/Redacted"
import * as Setup from "../demo/Setup.ts"
import * as CalledAs from "../internal/CalledAs.ts"
import { vendors } from "../internal/Vendors.ts"
import type { Messages } from "../Messages.ts"
import { type Answers, consumerVariable } from "./Answers.ts"

/** A variable, and the comment above it where it is new. */
export interface Variable {
  readonly name: string
  readonly value: string
  readonly comment?: string
}

/** The mock vendors' address where `understudy mock serve` listens by itself. */
const mockUrl = "http://127.0.0.1:9090"

const mockVariables = (messages: Messages): ReadonlyArray<Variable> =>
  vendors.flatMap(({ name, urlVariable, variable }, index) => {
    if (!isVendor(name)) return []
    const comment = index === 0 ? { comment: messages.initFiles.mockKeys(CalledAs.here()) } : {}
    return [
      { name: variable, value: Setup.keyOf(name), ...comment },
      { name: urlVariable, value: urlsAt(mockUrl)[name] }
    ]
  })

/** The variables that the configuration reads. */
export const variables = (messages: Messages, { consumerKey, vendors: given }: Answers): ReadonlyArray<Variable> => [
  ...(given.length === 0 ? mockVariables(messages) : []),
  ...vendors.flatMap((vendor) => {
    const answer = given.find((each) => each.vendor === vendor)
    if (answer === undefined) return []
    const { baseUrl, keys } = answer
    return [
      { name: vendor.variable, value: keys.map(Redacted.value).join(",") },
      ...(baseUrl === undefined ? [] : [{ name: vendor.urlVariable, value: baseUrl }])
    ]
  }),
  ...(consumerKey === undefined
    ? []
    : [{ name: consumerVariable, value: Redacted.value(consumerKey), comment: messages.initFiles.consumerKey }])
]

/** Names of variables that the text sets to something else. */
export const conflicts = (text: string, wanted: ReadonlyArray<Variable>): ReadonlyArray<string> => {
  const present = parseEnv(text)
  return wanted
    .filter(({ name, value }) => present[name] !== undefined && present[name] !== "" && present[name] !== value)
    .map(({ name }) => name)
}

const lineOf = ({ name, value }: Variable): string =>
  `${name}=${/^[\w.,:/@+=-]*$/.test(value) ? value : JSON.stringify(value)}`

/** The text with the variables. */
export const merge = (text: string, wanted: ReadonlyArray<Variable>): string => {
  const lines = text === "" ? [] : text.replace(/\n+$/, "").split("\n")
  for (const variable of wanted) {
    const at = lines.findIndex((line) => new RegExp(`^\\s*(export\\s+)?${variable.name}\\s*=`).test(line))
    const comment = variable.comment === undefined ? [] : variable.comment.split("\n").map((line) => `# ${line}`)
    if (at >= 0) lines[at] = lineOf(variable)
    else lines.push(...comment, lineOf(variable))
  }
  return `${lines.join("\n")}\n`
}
