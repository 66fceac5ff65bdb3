/** Every call in the list, live, and one call's way: in a sentence, as a timeline, as a table. */
import { expect, it } from "vitest"
import { describeInBrowser, enter, overflow, serve, shot, violations } from "./support.ts"

describeInBrowser("the request pages", () => {
  it("show calls as they come, and one call's attempts with their reasons in words", async () => {
    const served = await serve()
    const cookie = await served.setUp()
    served.vendors.setKey("sk-demo-qwen-1", { vendor: "qwen", state: "invalid" })
    served.vendors.setKey("sk-demo-qwen-2", { vendor: "qwen", state: "arrears" })
    expect((await served.ask()).status).toBe(200)
    const page = await enter(served, cookie, "/requests")
    await page.getByText("another answered").first().waitFor()
    expect(await violations(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await shot(page, "requests-en-light-1280")
    expect((await served.ask("deepseek-flash")).status).toBe(200)
    await page.getByText("answered", { exact: true }).first().waitFor()
    await page.getByRole("button", { name: "More than one attempt" }).click()
    await page
      .getByRole("row", { name: /another answered/ })
      .getByRole("link")
      .click()
    await page.getByText(/deepseek-flash answered instead/).waitFor()
    await page
      .getByText(/invalid or revoked|arrears/)
      .first()
      .waitFor()
    expect(await violations(page)).toEqual([])
    await shot(page, "call-en-light-1280")
    await page.getByRole("button", { name: "Table" }).click()
    expect(await page.getByRole("row").count()).toBeGreaterThan(2)
  })

  it("say in Chinese, on a phone, that there are no calls yet", async () => {
    const served = await serve()
    const cookie = await served.setUp()
    const page = await enter(served, cookie, "/requests", { language: "zh", theme: "dark", width: 360 })
    await page.getByText("还没有调用").waitFor()
    expect(await overflow(page)).toBe(0)
    expect(await violations(page)).toEqual([])
    await shot(page, "requests-zh-dark-360")
  })
})
