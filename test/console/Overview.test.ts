/** The overview: what it says of traffic, and how soon it shows that a key is out. */
import { expect, it } from "vitest"
import { describeInBrowser, enter, looks, serve } from "./support.ts"

describeInBrowser("the overview", () => {
  it("without calls shows how to send the first one, and then that call", async () => {
    const served = await serve()
    const page = await enter(served, await served.setUp(), "/")
    await page.getByText("No calls in the last 5 minutes.").waitFor()
    await page.getByText(`curl ${served.gateway}/v1/chat/completions`).waitFor()
    expect((await served.ask()).status).toBe(200)
    await page.getByText("All calls are answered. Every key is usable.").waitFor({ timeout: 5_000 })
    await page.getByRole("link", { name: /^aliyun/ }).waitFor()
    expect(await page.locator("pre").count()).toBe(0)
  })

  it("shows within two seconds that a key is out, and by itself when it is back", async () => {
    const served = await serve()
    const page = await enter(served, await served.setUp(), "/")
    await page.getByText("Live", { exact: true }).waitFor()
    for (const key of ["sk-demo-qwen-1", "sk-demo-qwen-2"])
      served.vendors.setKey(key, { vendor: "qwen", state: "revoked" })
    const asked = await served.ask("qwen-turbo")
    expect(asked.status).toBe(200)
    await page.getByText(/qwen has no usable key \(invalid or revoked\)/).waitFor({ timeout: 2_000 })
    await page
      .getByRole("link", { name: /main.*removed · invalid or revoked/ })
      .first()
      .waitFor()
    await page.getByText("Key qwen/", { exact: false }).first().waitFor()
    for (const key of ["sk-demo-qwen-1", "sk-demo-qwen-2"])
      served.vendors.setKey(key, { vendor: "qwen", state: "valid" })
    await page.getByText(/All calls are answered\. .*fall back/).waitFor({ timeout: 20_000 })
  })

  looks(
    "overview",
    "/",
    async (served) => {
      const ask = async (model: string, body: object = {}) => (await served.ask(model, body)).text()
      for (let call = 0; call < 30; call++) await ask(call % 3 === 0 ? "deepseek-chat" : "qwen-turbo", { stream: true })
      served.vendors.setKey("sk-demo-qwen-2", { vendor: "qwen", state: "arrears" })
      for (let call = 0; call < 30; call++) await ask("qwen-turbo")
    },
    (page, language) => page.getByRole("heading", { name: language === "zh" ? "最近发生" : "What happened" }).waitFor()
  )
})
