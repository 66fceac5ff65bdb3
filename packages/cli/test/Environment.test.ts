import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import * as Core from "../src/internal/Core.ts"
import * as Environment from "../src/internal/Environment.ts"

describe("the .env beside a configuration", () => {
  let folder = ""
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "understudy-env-"))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const config = () => join(folder, "understudy.yaml")
  const write = (content: string | Buffer) => writeFileSync(join(folder, ".env"), content)

  it.each([
    ["a byte order mark", "\ufeffFIRST=sk-demo-1\nSECOND=sk-demo-2\n"],
    ["CRLF", "FIRST=sk-demo-1\r\nSECOND=sk-demo-2\r\n"],
    ["both", '\ufeffFIRST="sk-demo-1"\r\n# a comment\r\nexport SECOND=sk-demo-2\r\n']
  ])("is read over %s", (_, text) => {
    write(text)
    expect(Environment.beside(config(), {})).toEqual({ FIRST: "sk-demo-1", SECOND: "sk-demo-2" })
  })

  it.each([
    ["spaces", "EMPTY= \nKEY=sk-demo-1\n"],
    ["spaces and CRLF", "export EMPTY=  \r\nKEY=sk-demo-1\r\n"],
    ["a carriage return alone", "EMPTY=\rKEY=sk-demo-1\r"]
  ])("keeps the line behind a value that is nothing but %s", (_, text) => {
    write(text)
    expect(Environment.beside(config(), {})).toEqual({ EMPTY: "", KEY: "sk-demo-1" })
  })

  it("is refused with its name when it is UTF-16", async () => {
    write(Buffer.from("\ufeffFIRST=sk-demo-1\n", "utf16le"))
    const error = await Effect.runPromise(Effect.flip(Core.read(config())))
    expect(error.message).toBe(
      `${join(folder, ".env")}: 1 problem\n  ${join(folder, ".env")}  is UTF-16: save it as UTF-8`
    )
  })
})
