/** What the module takes; `tsc` checks the lines that expect an error. */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { it } from "vitest"
import { UnderstudyModule } from "../../src/UnderstudyModule.ts"

const config: UnderstudyOptions = { version: 1, providers: {}, routes: [] }

it("refuses options that do not exist", () => {
  UnderstudyModule.forRoot({ config, options: { vendor: { qwen: { enableThinking: false } } }, global: true })
  // @ts-expect-error no such option
  UnderstudyModule.forRoot({ file: "understudy.yaml" })
  // @ts-expect-error no such option of a prompt
  UnderstudyModule.forRoot({ config, options: { temprature: 0 } })
  // @ts-expect-error a gateway has an address
  UnderstudyModule.forRoot({ remote: { model: "qwen-turbo" } })
  // @ts-expect-error a factory is missing
  UnderstudyModule.forRootAsync({ inject: [] })
  // @ts-expect-error no such option from a factory
  UnderstudyModule.forRootAsync({ useFactory: () => ({ file: "understudy.yaml" }) })
})
