/** What the provider takes; `tsc` checks the lines that expect an error. */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { it } from "vitest"
import { createUnderstudy } from "../../src/UnderstudyProvider.ts"

const config: UnderstudyOptions = { version: 1, providers: {}, routes: [] }

it("refuses settings that do not exist", () => {
  createUnderstudy({ config, options: { temperature: 0, vendor: { qwen: { enableThinking: false } } } })
  // @ts-expect-error no such setting
  createUnderstudy({ file: "understudy.yaml" })
  // @ts-expect-error no such option
  createUnderstudy({ config, options: { temprature: 0 } })
  // @ts-expect-error no such option of Qwen's
  createUnderstudy({ config, options: { vendor: { qwen: { thinking: "enabled" } } } })
  // @ts-expect-error a gateway has an address
  createUnderstudy({ remote: { model: "qwen-turbo" } })
  // @ts-expect-error a model has a name
  createUnderstudy({ config })()
})
