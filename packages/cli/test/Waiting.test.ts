import type { Event } from "@understudy/core/telemetry/Event"
import { expect, it, vi } from "vitest"
import * as Progress from "../src/internal/Progress.ts"
import * as Waiting from "../src/internal/Waiting.ts"
import * as Messages from "../src/Messages.ts"

const started = (provider: string, model: string): Event => ({
  ...{ _tag: "AttemptStarted", call: 1, provider, model, key: "k1" },
  server: `https://${provider}.example`
})
const ok = { _tag: "Ok" } as const
const overloaded = { _tag: "Overloaded", retryAfter: undefined } as const
const ended = (provider: string, model: string, isOk: boolean): Event => ({
  _tag: "AttemptEnded",
  call: 1,
  attempt: {
    ...{ provider, model, key: "k1", millis: 1, next: { _tag: "NextTarget" } },
    ...(isOk ? ok : { _tag: "Failed", reason: overloaded, afterContent: false, message: "busy" })
  },
  response: undefined
})

it.each([
  ["en", ["asking qwen/qwen3.8-max", "asking deepseek/deepseek-flash instead (qwen/qwen3.8-max Overloaded)", "clear"]],
  ["zh", ["正在询问 qwen/qwen3.8-max", "改问 deepseek/deepseek-flash（qwen/qwen3.8-max Overloaded）", "clear"]]
] as const)("says in %s who is asked, who instead, and nothing once the answer begins", (language, says) => {
  const told: Array<string> = []
  const spinner = { show: (text: string) => void told.push(text), clear: () => void told.push("clear") }
  const { begin, end, listener, server } = Waiting.make(Messages.of(language), spinner)
  begin()
  listener.emit(started("qwen", "qwen3.8-max"))
  listener.emit(ended("qwen", "qwen3.8-max", false))
  listener.emit(started("deepseek", "deepseek-flash"))
  end()
  listener.emit(ended("deepseek", "deepseek-flash", true))
  listener.emit(started("qwen", "qwen3.8-max"))
  expect(told).toEqual(says)
  expect(server()).toBe("https://qwen.example")
})

const screen = (isTTY: boolean, columns: number) => {
  const written: Array<string> = []
  const write = (text: string): boolean => written.push(text) > 0
  return { written, stream: { isTTY, columns, write } as unknown as NodeJS.WriteStream }
}

it("draws on a terminal only, never wider than it, and takes its line back", () => {
  vi.useFakeTimers()
  const { stream, written } = screen(true, 20)
  const { clear, show } = Progress.spinner(stream)
  show("asking a model with a very long name")
  vi.advanceTimersByTime(1_000)
  show("正在询问一个名字很长很长的模型")
  vi.advanceTimersByTime(200)
  clear()
  clear()
  vi.advanceTimersByTime(1_000)
  vi.useRealTimers()
  // Beside the code that empties the line, as many cells as the terminal has, less one.
  for (const line of written) expect(Progress.width(line.replace("\r\u001b[K", ""))).toBeLessThanOrEqual(19)
  expect(written.at(-1)).toBe("\r\u001b[K")
  expect(written).toHaveLength(14)

  const pipe = screen(false, 80)
  Progress.spinner(pipe.stream).show("asking")
  expect(pipe.written).toEqual([])
})
