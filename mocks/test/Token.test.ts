import { describe, expect, test } from "vitest"
import * as Random from "../src/internal/plan/Random.ts"
import * as Token from "../src/internal/plan/Token.ts"

/** The rule of the module's header as an expression: as short as it is slow. */
const rule = /\s?[\p{Script=Latin}\p{N}]{1,8}|\p{Script=Han}{1,2}|\s+|[\s\S]/gu

const signs = [..."aZé09½Ａ ßЖ\t\n .,-[]中文々〇，。𠀀😀\ufeff\u00a0"]

const texts = Array.from({ length: 2_000 }, (_, index) => {
  const random = Random.make("texts", index)
  return Array.from({ length: random.int(24) }, () => signs[random.int(signs.length)]).join("")
})

describe("tokens", () => {
  test("are what the rule says, of any mixture of scripts, spaces and signs", () => {
    for (const text of texts) {
      const expected = text.match(rule) ?? []
      expect(Token.split(text)).toEqual([...expected])
      expect(Token.of(text)).toEqual({ text, count: expected.length })
    }
  })

  test("are the same at the beginning of a text, wherever it is cut off", () => {
    for (const text of texts) {
      const [tokens, most] = [Token.split(text), Math.floor(Token.count(text) / 2)]
      const { count, text: kept } = Token.first(Token.of(text), most)
      expect([count, Token.split(kept)]).toEqual([most, tokens.slice(0, most)])
    }
  })
})
