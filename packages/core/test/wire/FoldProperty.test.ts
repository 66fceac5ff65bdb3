/** Any answer, cut into any stream that says the same, folds back into that answer. */
import { describe, expect, it } from "vitest"
import { fold } from "../../src/internal/wire/Fold.ts"
import type { ChatCompletionChunk } from "../../src/wire/ChatCompletion.ts"
import { type Luck, luckOf } from "../luck.ts"

type Fields = Record<string, unknown>

const letters = ["a", "b ", '"', "\\", "\n", "你", "好", "𝄞", "{", "}", "<", "1"]
const textOf = (luck: Luck): string => Array.from({ length: 1 + luck.next(12) }, () => luck.pick(letters)).join("")

/** The text in pieces, cut anywhere, even between the halves of one character. */
const cut = (luck: Luck, text: string): Array<string> => {
  const pieces: Array<string> = []
  for (let at = 0; at < text.length; ) {
    const length = 1 + luck.next(4)
    pieces.push(text.slice(at, at + length))
    at += length
  }
  return pieces
}

interface Said {
  readonly message: Fields
  /** Deltas that say it, in an order that must stay within each list. */
  readonly strands: ReadonlyArray<ReadonlyArray<Fields>>
}

const texts = (luck: Luck, name: string): Said => {
  const text = textOf(luck)
  return { message: { [name]: text }, strands: [cut(luck, text).map((piece) => ({ [name]: piece }))] }
}

const lists = (luck: Luck, name: string, of: (nth: number) => unknown): Said => {
  const list = Array.from({ length: 1 + luck.next(3) }, (_, nth) => of(nth))
  return { message: { [name]: list }, strands: [list.map((each) => ({ [name]: [each] }))] }
}

const audio = (luck: Luck): Said => {
  const transcript = textOf(luck)
  return {
    message: { audio: { id: "a1", transcript, expires_at: 5 } },
    strands: [
      [
        { audio: { id: "a1" } },
        ...cut(luck, transcript).map((piece) => ({ audio: { id: "a1", transcript: piece } })),
        { audio: { expires_at: 5 } }
      ]
    ]
  }
}

/** Calls with an index each, whose fragments may take turns; or without, one behind the other. */
const calls = (luck: Luck): Said => {
  const isNumbered = luck.next(2) === 0
  const list = Array.from({ length: 1 + luck.next(3) }, (_, index) => ({
    ...(isNumbered ? { index } : {}),
    id: `call_${index}`,
    type: "function",
    function: { name: luck.pick(["f", "g"]), arguments: textOf(luck) }
  }))
  const strands = list.map(({ id, type, function: called, ...place }) => [
    { tool_calls: [{ ...place, id, type, function: { name: called.name, arguments: "" } }] },
    ...cut(luck, called.arguments).map((piece) => ({
      tool_calls: [{ ...place, ...luck.pick([{}, { id: "" }, { id: null }, { id }]), function: { arguments: piece } }]
    }))
  ])
  return { message: { tool_calls: list }, strands: isNumbered ? strands : [strands.flat()] }
}

/** The strands as one list: each keeps its order. */
const woven = (luck: Luck, strands: ReadonlyArray<ReadonlyArray<Fields>>): Array<Fields> => {
  const rest = strands.map((strand) => [...strand]).filter((strand) => strand.length > 0)
  const all: Array<Fields> = []
  while (rest.length > 0) {
    const at = luck.next(rest.length)
    all.push((rest[at] as Array<Fields>).shift() as Fields)
    if (rest[at]?.length === 0) rest.splice(at, 1)
  }
  return all
}

const says = (luck: Luck): Said => {
  const parts = [
    luck.maybe(() => texts(luck, "content")),
    luck.maybe(() => texts(luck, "reasoning_content")),
    luck.maybe(() => texts(luck, "refusal")),
    luck.maybe(() => texts(luck, "whatever_text")),
    luck.maybe(() => lists(luck, "images", (nth) => ({ type: "image_url", image_url: { url: `u${nth}` } }))),
    luck.maybe(() => lists(luck, "annotations", (nth) => ({ type: "url_citation", url_citation: { url: `u${nth}` } }))),
    luck.maybe(() => audio(luck)),
    luck.maybe(() => calls(luck))
  ].filter((each) => each !== undefined)
  return {
    message: Object.assign({}, ...parts.map(({ message }) => message)) as Fields,
    strands: parts.flatMap(({ strands }) => strands)
  }
}

const answerOf = (seed: number) => {
  const luck = luckOf(seed)
  const head = { id: `c${seed}`, created: 7, model: "m" }
  const usage = { prompt_tokens: 1, completion_tokens: luck.next(9), total_tokens: 9 }
  const choices = Array.from({ length: 1 + luck.next(3) }, (_, index) => {
    const { message, strands } = says(luck)
    const finish = luck.pick(["stop", "length", "tool_calls"])
    const tokens = luck.maybe(() => Array.from({ length: 1 + luck.next(3) }, (_each, nth) => ({ token: `t${nth}` })))
    const deltas = woven(luck, strands)
    const frames: Array<Fields> = [
      { index, delta: { role: "assistant" }, finish_reason: null },
      ...deltas.map((delta) => ({ index, delta, finish_reason: null })),
      ...(tokens ?? []).map((token) => ({ index, delta: {}, logprobs: { content: [token] }, finish_reason: null })),
      { index, delta: luck.pick([{}, { content: "" }, { content: null }]), finish_reason: finish }
    ]
    const content = message["content"] ?? (message["tool_calls"] === undefined ? null : "")
    const choice = {
      index,
      message: { ...message, role: "assistant", content },
      logprobs: tokens === undefined ? null : { content: tokens },
      finish_reason: finish
    }
    return { choice, frames }
  })
  const frames = woven(
    luck,
    choices.map(({ frames }) => frames)
  )
  const chunks = [...frames.map((frame) => ({ ...head, choices: [frame] })), { ...head, choices: [], usage }]
  const whole = { ...head, object: "chat.completion", choices: choices.map(({ choice }) => choice), usage }
  return { chunks: chunks as ReadonlyArray<unknown> as ReadonlyArray<ChatCompletionChunk>, whole }
}

/** An empty text at the end of a stream is the content of an answer that has none. */
const withoutEmpty = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer), (name, value) => (name === "content" && value === "" ? null : value))

describe("fold", () => {
  it("gives back any answer, however its stream was cut and its choices took turns", () => {
    for (let seed = 1; seed <= 500; seed++) {
      const { chunks, whole } = answerOf(seed)
      expect(withoutEmpty(fold(chunks)), `seed ${seed}`).toEqual(withoutEmpty(whole))
    }
  })
})
