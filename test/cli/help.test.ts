import { expect, it } from "vitest"
import { run } from "./support.ts"

it.concurrent("shows every command, and exits with 0", async () => {
  const { code, stdout } = await run(["--help"])
  expect(code).toBe(0)
  for (const command of ["start", "init", "serve", "chat", "check", "explain", "mock", "lab", "schema"]) {
    expect(stdout).toMatch(new RegExp(`^ {2}${command} {2,}\\S`, "m"))
  }
  expect(stdout).not.toContain("\u001b")
})

it.concurrent("speaks Chinese where the locale does, and documents the flags of init", async () => {
  const { code, stdout } = await run(["init", "--help"], { env: { LANG: "zh_CN.UTF-8" } })
  expect(code).toBe(0)
  expect(stdout).toContain("用法")
  expect(stdout).not.toMatch(/DESCRIPTION|FLAGS|Show help/)
  for (const flag of ["--yes", "--deepseek-key", "--dashscope-key", "--dir", "--force", "--deepseek-base-url"]) {
    expect(stdout).toContain(flag)
  }
})

it.concurrent.each([
  ["an unknown command", ["srve"], 'There is no command "srve". Did you mean serve?'],
  ["an unknown flag", ["check", "--jsno"], "There is no flag --jsno here."],
  ["a port out of range", ["serve", "--port", "99999"], '--port: "99999" is not a port between 0 and 65535.']
])("answers %s with exit code 2 and one sentence, without the whole help", async (_, args, message) => {
  const { code, stderr, stdout } = await run(args)
  expect(code).toBe(2)
  expect(stderr).toContain(message)
  expect(stdout).toBe("")
})
