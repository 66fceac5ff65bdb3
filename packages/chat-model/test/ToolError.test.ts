import { expect, it } from "vitest"
import * as ToolError from "../src/ToolError.ts"

it("says what to show of an error", () => {
  const show = ({ message, reason }: ToolError.ToolError) =>
    reason._tag === "Refused" ? `${reason.tool} was not allowed` : message

  expect(show(ToolError.make({ _tag: "Refused", tool: "pay", id: "call_1", detail: undefined }))).toBe(
    "pay was not allowed"
  )
})

const call = { tool: "pay", id: "call_1" }

it.each<readonly [ToolError.Reason, string]>([
  [{ _tag: "Unknown", ...call, tools: ["weather", "now"] }, 'There is no tool "pay". Call one of: weather, now.'],
  [
    { _tag: "InvalidArguments", ...call, detail: "sum: Expected number" },
    'The arguments of "pay" do not fit its parameters: sum: Expected number. Call it again with arguments that do.'
  ],
  [{ _tag: "Refused", ...call, detail: "too dear" }, 'The call of "pay" was refused: too dear. Go on without it.'],
  [{ _tag: "HandlerFailed", ...call, cause: undefined, detail: "no money" }, '"pay" failed: no money'],
  [{ _tag: "TimedOut", ...call, after: 500 }, '"pay" did not answer within 500 ms.'],
  [
    { _tag: "TurnLimit", turns: 10, tools: ["pay"] },
    'The model still called pay in turn 10, its last. Raise `maxTurns`, or pass `onTurnLimit: "answer"`.'
  ]
])("says what failed, with which value and what to do next: %j", (reason, message) => {
  expect(ToolError.make(reason)).toMatchObject({ message, reason, trail: [] })
})
