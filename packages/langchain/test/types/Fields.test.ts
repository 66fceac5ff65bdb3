/** What the model takes; `tsc` checks the lines that expect an error. */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { it } from "vitest"
import { ChatUnderstudy } from "../../src/ChatUnderstudy.ts"

const config: UnderstudyOptions = { version: 1, providers: {}, routes: [] }

it("refuses fields that do not exist", () => {
  const model = new ChatUnderstudy({ config, model: "qwen-turbo", vendor: { qwen: { enableThinking: false } } })
  // @ts-expect-error no such field
  new ChatUnderstudy({ config, temprature: 0 })
  // @ts-expect-error a number
  new ChatUnderstudy({ config, temperature: "warm" })
  // @ts-expect-error no such option of DeepSeek's
  new ChatUnderstudy({ config, vendor: { deepseek: { enableThinking: true } } })
  // @ts-expect-error tools are bound
  new ChatUnderstudy({ config, tools: [] })
  // @ts-expect-error no such option of a call
  model.withConfig({ temprature: 0 })
})
