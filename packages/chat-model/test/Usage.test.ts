import { describe, expect, it } from "vitest"
import * as Usage from "../src/Usage.ts"

describe("Usage.sum", () => {
  it("adds up what several answers took", () => {
    const first = Usage.fromWire({ prompt_tokens: 12, completion_tokens: 30 })
    const second = Usage.fromWire({ prompt_tokens: 50, completion_tokens: 8 })
    expect(Usage.sum(first, second)?.totalTokens).toBe(100)
  })

  it("adds up the vendors' own numbers, whoever of them reported which", () => {
    const deepseek = Usage.fromWire({ prompt_tokens: 64, completion_tokens: 1, prompt_cache_hit_tokens: 64 })
    const qwen = Usage.fromWire({
      prompt_tokens: 100,
      completion_tokens: 1,
      prompt_tokens_details: { cached_tokens: 10 },
      completion_tokens_details: null
    })
    expect(Usage.sum(deepseek, undefined, qwen, qwen)).toEqual({
      promptTokens: 264,
      completionTokens: 3,
      totalTokens: 267,
      cacheReadInputTokens: 84,
      nativeUsage: {
        prompt_tokens: 264,
        completion_tokens: 3,
        prompt_cache_hit_tokens: 64,
        prompt_tokens_details: { cached_tokens: 20 },
        completion_tokens_details: null
      }
    })
  })

  it("is unknown when nobody reported anything", () => {
    expect(Usage.sum()).toBeUndefined()
    expect(Usage.sum(undefined, undefined)).toBeUndefined()
  })
})
