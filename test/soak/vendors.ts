/** The mock vendors in a process of their own, so that their memory is not counted; tells its port and waits to be ended. */
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"

const vendors = Vendors.make({
  journalLimit: 1_000,
  keys: {
    "sk-demo-qwen-1": { vendor: "qwen", name: "qwen-1" },
    "sk-demo-qwen-2": { vendor: "qwen", name: "qwen-2" },
    "sk-demo-deepseek": { vendor: "deepseek", name: "deepseek" }
  }
})
const server = await MockServer.listen(vendors)
process.on("message", (message) => {
  if (message === "open") process.send?.({ open: vendors.journal.open().length })
})
process.on("disconnect", () => process.exit(0))
process.send?.({ url: server.url, qwen: server.urls.qwen, deepseek: server.urls.deepseek })
