/** First visit, log-in, and what is said while a session is gone or the gateway is away. */
import { expect, it } from "vitest"
import { describeInBrowser, enter, overflow, password, serve, shot, violations, visit } from "./support.ts"

describeInBrowser("the console's door", () => {
  it("on the first visit takes the token of the printed link, measures the password, and lets in", async () => {
    const served = await serve()
    const page = await visit(served, `/#setup=${served.token}`)
    await page.getByRole("heading", { name: "Set up Understudy" }).waitFor()
    expect(await page.getByLabel("Set-up token").inputValue()).toBe(served.token)
    expect(await violations(page)).toEqual([])
    await shot(page, "setup-en-light-1280")
    await page.getByLabel("Password", { exact: true }).fill("short")
    await page.getByText("7 more characters").waitFor()
    await page.getByLabel("Password", { exact: true }).fill(password)
    await page.getByText("Strong").waitFor()
    await page.getByLabel("Password again").fill(password)
    await page.getByRole("button", { name: "Set the password" }).click()
    await page.getByRole("navigation", { name: "Pages" }).waitFor()
    expect(new URL(page.url()).hash).toBe("")
  })

  it("in Chinese asks for name and password, says why it refuses, and lets in", async () => {
    const served = await serve()
    await served.setUp()
    const page = await visit(served, "/", { language: "zh", theme: "dark", width: 360, mayFail: /401/ })
    await page.getByRole("button", { name: "登录" }).waitFor()
    expect(await overflow(page)).toBe(0)
    expect(await violations(page)).toEqual([])
    await shot(page, "login-zh-dark-360")
    await page.getByLabel("密码", { exact: true }).fill("not the password")
    await page.getByRole("button", { name: "登录" }).click()
    await page.getByRole("alert").waitFor()
    await page.getByLabel("密码", { exact: true }).fill(password)
    await page.waitForTimeout(1_100)
    await page.getByRole("button", { name: "登录" }).click()
    await page.getByText("实时").waitFor()
  })

  it("says that the gateway is away, and goes on by itself when it is back", async () => {
    const served = await serve()
    const cookie = await served.setUp()
    const page = await enter(served, cookie, "/", { mayFail: /ERR_|Failed to load/ })
    await page.getByText("Live", { exact: true }).waitFor()
    await served.stop()
    await page.getByText(/Live updates stopped|has not answered/).waitFor({ timeout: 5_000 })
    await served.again()
    await page.getByText("Live", { exact: true }).waitFor({ timeout: 10_000 })
  })
})
