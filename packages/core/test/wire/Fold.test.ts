import { describe, expect, it } from "vitest"
import { fold, foldExactly } from "../../src/internal/wire/Fold.ts"
import type { ChatCompletionChunk } from "../../src/wire/ChatCompletion.ts"

const head = { id: "c1", object: "chat.completion.chunk", created: 7, model: "m" }
const of = (delta: unknown, finish: unknown = null, more: object = {}): ChatCompletionChunk =>
  ({ ...head, choices: [{ index: 0, delta, finish_reason: finish, ...more }] }) as ChatCompletionChunk
const odd = (value: unknown): ChatCompletionChunk => value as ChatCompletionChunk

const choiceOf = (...chunks: ReadonlyArray<ChatCompletionChunk>) => fold(chunks).choices[0]
const messageOf = (...deltas: ReadonlyArray<unknown>) => choiceOf(...deltas.map((delta) => of(delta)))?.message

describe("fold of a message", () => {
  it.each([
    [
      "parts of texts and thinking",
      [
        { role: "assistant", content: "" },
        { content: [{ type: "thinking", thinking: [{ type: "text", text: "H" }] }] },
        { content: [{ type: "thinking", thinking: [{ type: "text", text: "m." }], closed: true }] },
        { content: [{ type: "text", text: "Forty-" }] },
        { content: [{ type: "text", text: "two" }] }
      ],
      {
        content: [
          { type: "thinking", thinking: [{ type: "text", text: "Hm." }], closed: true },
          { type: "text", text: "Forty-two" }
        ]
      }
    ],
    [
      "parts, then texts",
      [{ content: [{ type: "thinking", thinking: "a" }] }, { content: "b" }, { content: "c" }],
      {
        content: [
          { type: "thinking", thinking: "a" },
          { type: "text", text: "bc" }
        ]
      }
    ],
    [
      "a text, then an image",
      [{ content: "see " }, { content: [{ type: "image_url", image_url: { url: "u1" } }] }],
      {
        content: [
          { type: "text", text: "see " },
          { type: "image_url", image_url: { url: "u1" } }
        ]
      }
    ],
    [
      "two images of one kind",
      [
        { content: [{ type: "image_url", image_url: { url: "u" } }] },
        { content: [{ type: "image_url", image_url: { url: "u" } }] }
      ],
      {
        content: [
          { type: "image_url", image_url: { url: "u" } },
          { type: "image_url", image_url: { url: "u" } }
        ]
      }
    ],
    ["an empty list amid a text", [{ content: "a" }, { content: [] }, { content: "b" }], { content: "ab" }],
    [
      "images beside the text",
      [
        { content: "a", images: [{ type: "image_url", index: 0, image_url: { url: "u1" } }] },
        { images: [{ type: "image_url", index: 0, image_url: { url: "u2" } }] }
      ],
      {
        content: "a",
        images: [
          { type: "image_url", index: 0, image_url: { url: "u1" } },
          { type: "image_url", index: 0, image_url: { url: "u2" } }
        ]
      }
    ],
    [
      "a sound",
      [
        { audio: { id: "a1" } },
        { audio: { data: "QUJD", transcript: "He" } },
        { audio: { data: "REVG", transcript: "llo" } },
        { audio: { expires_at: 9 } }
      ],
      { content: null, audio: { id: "a1", data: "QUJDREVG", transcript: "Hello", expires_at: 9 } }
    ],
    [
      "annotations",
      [
        { content: "a", annotations: [{ type: "url_citation", url_citation: { url: "u1" } }] },
        { annotations: [{ type: "url_citation", url_citation: { url: "u2" } }] }
      ],
      {
        content: "a",
        annotations: [
          { type: "url_citation", url_citation: { url: "u1" } },
          { type: "url_citation", url_citation: { url: "u2" } }
        ]
      }
    ],
    ["a refusal", [{ refusal: "I ca" }, { refusal: "n't" }], { content: null, refusal: "I can't" }],
    [
      "a function call",
      [
        { function_call: { name: "f", arguments: "" } },
        { function_call: { arguments: '{"a"' } },
        { function_call: { name: "f", arguments: ":1}" } }
      ],
      { content: null, function_call: { name: "f", arguments: '{"a":1}' } }
    ],
    [
      "details of reasoning",
      [
        { reasoning: "a", reasoning_details: [{ type: "reasoning.text", text: "a", format: "f1", index: 0 }] },
        { reasoning: "b", reasoning_details: [{ type: "reasoning.text", text: "b", format: "f1", index: 0 }] },
        {
          reasoning_details: [
            { type: "reasoning.text", signature: "s", index: 0 },
            { type: "reasoning.encrypted", data: "x", index: 0 }
          ]
        }
      ],
      {
        content: null,
        reasoning: "ab",
        reasoning_details: [
          { type: "reasoning.text", text: "ab", format: "f1", index: 0, signature: "s" },
          { type: "reasoning.encrypted", data: "x", index: 0 }
        ]
      }
    ],
    [
      "fields that nobody knows",
      [
        { content: "a", thought: "x", tags: ["p"], extra: { note: "m", seen: 1 } },
        { thought: "y", tags: ["q"], extra: { note: "n", seen: 2 } }
      ],
      { content: "a", thought: "xy", tags: ["p", "q"], extra: { note: "mn", seen: 2 } }
    ]
  ] as const)("keeps %s", (_, deltas, expected) => {
    expect(messageOf(...deltas)).toEqual({ role: "assistant", ...expected })
  })

  it("takes a whole message in place of the pieces that it repeats", () => {
    const whole = odd({
      ...head,
      choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }]
    })
    expect(choiceOf(of({ content: "Hel", reasoning_content: "r" }), of({ content: "lo" }), whole)?.message).toEqual({
      role: "assistant",
      content: "Hello",
      reasoning_content: "r"
    })
  })
})

describe("fold of choices and of the whole", () => {
  const token = (text: string) => ({ token: text, logprob: -0.1, bytes: null, top_logprobs: [] })

  it("joins the log probabilities of content and refusals", () => {
    const folded = choiceOf(
      of({ content: "a" }, null, { logprobs: { content: [token("a")], refusal: null } }),
      of({ content: "b" }, null, { logprobs: { content: [token("b")], refusal: [token("r")] } }),
      of({}, "stop", { logprobs: null })
    )
    expect(folded?.["logprobs"]).toEqual({ content: [token("a"), token("b")], refusal: [token("r")] })
  })

  it("keeps what a choice says besides, its lists joined", () => {
    const folded = choiceOf(
      of({ content: "a" }, null, { token_ids: [5], content_filter_results: { hate: { filtered: false } } }),
      of({ content: "b" }, null, { token_ids: [5], content_filter_results: { violence: { filtered: false } } }),
      of({}, "stop", { stop_reason: 151645, native_finish_reason: "end" })
    )
    expect(folded).toMatchObject({
      token_ids: [5, 5],
      content_filter_results: { hate: { filtered: false }, violence: { filtered: false } },
      stop_reason: 151645,
      native_finish_reason: "end"
    })
  })

  it("takes id, model and time from the first chunk that has them", () => {
    const blank = odd({
      id: "",
      object: "",
      created: 0,
      model: "",
      choices: [],
      prompt_filter_results: [{ prompt_index: 0 }]
    })
    expect(fold([blank, of({ content: "a" }, "stop")])).toMatchObject({
      ...head,
      object: "chat.completion",
      prompt_filter_results: [{ prompt_index: 0 }]
    })
  })

  it("takes the time and the model from later chunks than the id", () => {
    const later = odd({
      choices: [{ index: 0, delta: { content: "b" }, finish_reason: "stop" }],
      created: 9,
      model: "late"
    })
    expect(fold([odd({ id: "c9", choices: [{ delta: { content: "a" } }] }), later])).toMatchObject({
      id: "c9",
      created: 9,
      model: "late"
    })
  })

  it("keeps what is said of the whole, and a list that is repeated only once", () => {
    const folded = fold([
      { ...of({ content: "a" }), service_tier: null, citations: ["u1"] },
      { ...of({ content: "b" }), service_tier: "default", citations: ["u1", "u2"], obfuscation: "xyz" },
      { ...of({}, "stop"), system_fingerprint: "fp", citations: ["u1", "u2"] }
    ])
    expect(folded).toMatchObject({ service_tier: "default", system_fingerprint: "fp", citations: ["u1", "u2"] })
    expect(folded).not.toHaveProperty("obfuscation")
  })

  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
  it.each([
    ["its own chunk", { ...head, choices: [], usage }],
    ["a choice", of({}, "stop", { usage })],
    ["an extension", { ...of({}, "stop"), x_groq: { id: "r1", usage } }]
  ])("finds the usage in %s", (_, last) => {
    const folded = fold([of({ content: "a" }), last as ChatCompletionChunk, odd({ ...head, choices: [], usage: null })])
    expect(folded.usage).toEqual(usage)
    expect(folded.choices[0]).not.toHaveProperty("usage")
    const extension = folded["x_groq"] ?? { id: "r1" }
    expect(extension).toEqual({ id: "r1" })
  })

  it("keeps choices apart whose indexes are texts", () => {
    const at = (index: unknown, content: string) =>
      odd({ choices: [{ index, delta: { content }, finish_reason: "stop" }] })
    expect(fold([at("1", "b"), at("0", "a")]).choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, "a"],
      [1, "b"]
    ])
  })
})

describe("fold of what is no chunk", () => {
  const shapes: ReadonlyArray<unknown> = [null, undefined, 1, "a", true, [], {}, [null], { a: [{}] }]
  it("never throws, and changes nothing that it is given", () => {
    const places: ReadonlyArray<(shape: unknown) => unknown> = [
      (shape) => shape,
      (shape) => ({ choices: shape }),
      (shape) => ({ choices: [shape] }),
      (shape) => ({ ...head, usage: shape, id: shape, created: shape, model: shape }),
      (shape) => of(shape, shape, { index: shape, logprobs: shape, message: shape }),
      (shape) => of({ role: shape, content: shape, audio: shape, function_call: shape, reasoning_details: shape }),
      (shape) => of({ content: [shape], tool_calls: [shape], images: shape, annotations: shape }),
      (shape) => of({ tool_calls: shape }),
      (shape) => of({ tool_calls: [{ index: shape, id: shape, type: shape, function: shape }] }),
      (shape) => of({ tool_calls: [{ function: { name: shape, arguments: shape } }] })
    ]
    const good = of({ content: "a", tool_calls: [{ index: 0, id: "t", function: { name: "f", arguments: "{}" } }] })
    for (const place of places) {
      for (const one of shapes) {
        for (const other of shapes) {
          const chunks = [good, odd(place(one)), odd(place(other)), good]
          const before = JSON.stringify(chunks)
          expect(typeof JSON.stringify(fold(chunks))).toBe("string")
          expect(JSON.stringify(chunks)).toBe(before)
        }
      }
    }
  })

  it("leaves the prototype of an answer alone", () => {
    const folded = fold([
      odd(JSON.parse('{"__proto__":{"x":1},"choices":[{"delta":{"__proto__":{"y":1},"content":"a"}}]}'))
    ])
    expect(folded["x"]).toBeUndefined()
    expect(folded.choices[0]?.message["y"]).toBeUndefined()
  })
})

describe("foldExactly", () => {
  const bytes = (text: string) => [Buffer.from(text)]
  it("writes numbers as the vendor did", () => {
    const frame = '{"id":"c1","created":1.0,"choices":[{"index":0,"delta":{"content":"a","seed":9223372036854775807}}]}'
    expect(JSON.stringify(foldExactly(bytes(`data: ${frame}\n\n`)))).toBe(
      '{"id":"c1","object":"chat.completion","created":1.0,"choices":[{"index":0,"message":{"role":"assistant","content":"a","seed":9223372036854775807},"logprobs":null,"finish_reason":null}]}'
    )
  })

  it("has nothing to say about ordinary numbers", () => {
    expect(foldExactly(bytes('data: {"created":1700000000,"choices":[],"x":-0.25}\n\n'))).toBeUndefined()
  })
})
