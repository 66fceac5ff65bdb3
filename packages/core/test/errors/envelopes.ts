/** The envelopes in which vendors wrap what went wrong. */

/** A captured body: who sent it, with which status. */
export type Row = [who: string, status: number, body: unknown]

/** OpenAI's envelope. */
export const e = (message: string, code?: unknown, type?: string, more: object = {}) => ({
  error: { message, ...(type === undefined ? {} : { type }), ...(code === undefined ? {} : { code }), ...more }
})

export const anthropic = (type: string, message: string) => ({
  type: "error",
  error: { type, message },
  request_id: "req_1"
})
export const gemini = (code: number, status: string, message: string, details: ReadonlyArray<object> = []) => [
  { error: { code, message, status, details } }
]
export const relayed = (raw: object) =>
  e("Provider returned error", 400, undefined, { metadata: { raw: JSON.stringify(raw) } })
