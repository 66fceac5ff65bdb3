/** A plan as TypeScript, laid out as the formatter would, and as a regression test that can be pasted. */
import type { Plan } from "./world/Plan.ts"

const width = 118

const nameOf = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key))

const numberOf = (value: number): string =>
  Number.isInteger(value) && value >= 10_000 ? value.toLocaleString("en-US").replaceAll(",", "_") : String(value)

/** A value as an expression, broken into lines where it does not fit. */
export const toSource = (value: unknown, indent = ""): string => {
  if (typeof value === "number") return numberOf(value)
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  const deeper = `${indent}  `
  const isList = Array.isArray(value)
  const parts = (inner: string): ReadonlyArray<string> =>
    isList
      ? value.map((each) => toSource(each, inner))
      : Object.entries(value).map(([key, each]) => `${nameOf(key)}: ${toSource(each, inner)}`)
  if (parts(indent).length === 0) return isList ? "[]" : "{}"
  const inLine = isList ? `[${parts(indent).join(", ")}]` : `{ ${parts(indent).join(", ")} }`
  if (!inLine.includes("\n") && indent.length + inLine.length < width - 30) return inLine
  const body = parts(deeper)
    .map((part) => `${deeper}${part}`)
    .join(",\n")
  return isList ? `[\n${body}\n${indent}]` : `{\n${body}\n${indent}}`
}

/** A regression test for a plan; the name is to be given by whoever mends the fault. */
export const toTest = (plan: Plan, name: string): string => `import { expect, it } from "@effect/vitest"
import { check } from "../Check.ts"
import type { Plan } from "../world/Plan.ts"

const plan: Plan = ${toSource(plan)}

it(${JSON.stringify(name)}, () => {
  expect(check(plan)).toEqual([])
})
`
