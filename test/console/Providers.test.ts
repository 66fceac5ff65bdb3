/** Providers & keys: their states, and what is done to them. */
import { expect, it } from "vitest"
import { describeInBrowser, enter, looks, password, serve } from "./support.ts"

describeInBrowser("the providers' page", () => {
  it("tests a key in words, and shows its state with a countdown that moves", async () => {
    const served = await serve()
    const page = await enter(served, await served.setUp(), "/providers")
    const row = page.getByRole("region", { name: "qwen", exact: true }).getByRole("row", { name: /second/ })
    await row.getByRole("button", { name: "Test second" }).click()
    await page.getByText(/Works: the vendor accepted it/).waitFor()
    served.vendors.setKey("sk-demo-qwen-2", { vendor: "qwen", state: "revoked" })
    await row.getByRole("button", { name: "Test second" }).click()
    await page.getByText(/\(\d+ ms\)/).waitFor({ timeout: 2_000 })
  })

  it("disables a key at once, but the last usable one only when asked what it means, and restores it", async () => {
    const served = await serve()
    const page = await enter(served, await served.setUp(), "/providers")
    const qwen = page.getByRole("region", { name: "qwen", exact: true }).first()
    await qwen.getByRole("button", { name: "Disable second" }).click()
    await qwen.getByRole("row", { name: /second.*Disabled/ }).waitFor()
    await qwen.getByRole("button", { name: "Disable main" }).click()
    const dialog = page.getByRole("dialog", { name: "Disable the last usable key?" })
    await dialog.getByText("These routes would fall back: aliyun.").waitFor()
    await dialog.getByRole("button", { name: "Keep it" }).click()
    await dialog.waitFor({ state: "detached" })
    await qwen.getByRole("row", { name: /main.*OK/ }).waitFor()
    await qwen.getByRole("button", { name: "Restore second" }).click()
    await qwen.getByRole("row", { name: /second.*OK/ }).waitFor()
  })

  it("asks for the password again over the page when the session has ended, and does what was wanted", async () => {
    const served = await serve()
    const page = await enter(served, await served.setUp(), "/providers", { mayFail: /401/ })
    const qwen = page.getByRole("region", { name: "qwen", exact: true }).first()
    await qwen.getByRole("row", { name: /second.*OK/ }).waitFor()
    await page.context().clearCookies()
    await qwen.getByRole("button", { name: "Disable second" }).click()
    const dialog = page.getByRole("dialog", { name: "Log in" })
    await dialog.getByLabel("Password", { exact: true }).fill(password)
    await dialog.getByRole("button", { name: "Log in" }).click()
    await dialog.waitFor({ state: "detached" })
    await qwen.getByRole("row", { name: /second.*Disabled/ }).waitFor()
  })

  it("never holds a key's value, in an answer or on the page", async () => {
    const served = await serve()
    const page = await enter(served, await served.setUp(), "/")
    const bodies: Array<Promise<string>> = []
    page.on("response", (response) => {
      if (response.url().includes("/api/") && !response.url().includes("/events"))
        bodies.push(response.text().catch(() => ""))
    })
    await page.getByRole("link", { name: "Providers & keys" }).click()
    await page.getByRole("region", { name: "deepseek", exact: true }).first().waitFor()
    const seen = `${(await Promise.all(bodies)).join("\n")}${await page.content()}`
    expect(seen).toContain("main")
    expect(seen).not.toMatch(/sk-demo-/)
  })

  looks(
    "providers",
    "/providers",
    async (served) => {
      served.vendors.setKey("sk-demo-qwen-2", { vendor: "qwen", state: "arrears" })
      for (let call = 0; call < 6; call++) await (await served.ask("qwen-turbo")).text()
    },
    (page) => page.getByRole("region", { name: "deepseek", exact: true }).first().waitFor()
  )
})
