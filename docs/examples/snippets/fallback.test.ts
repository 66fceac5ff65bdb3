import { MockNetwork, Vendors } from "@understudy/mocks"
import { afterAll, beforeAll, expect, it } from "vitest"
import { chat } from "./app.ts"

const vendors = Vendors.make({ acceptAnyKey: true })
const network = MockNetwork.make(vendors)
beforeAll(() => network.enable())
afterAll(() => network.disable())

it("answers from DeepSeek when Qwen's account is in arrears", async () => {
  vendors.addFault({ vendor: "qwen", kind: "billing.exhausted" })
  expect((await chat.call("你是谁？")).metadata.model).toBe("deepseek-flash")
})
