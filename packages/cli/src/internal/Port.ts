/** A port that is taken: who has it, and the way out. */
import * as Effect from "effect/Effect"
import { type Failed, failed } from "../Failed.ts"
import type { Messages } from "../Messages.ts"

/** A refused address, and the command line that takes another port. */
export interface Refusal {
  readonly host: string
  readonly port: number
  /** `understudy serve --port`: the new port is put behind it. */
  readonly command: string
}

const likely: Readonly<Record<number, string>> = {
  8001: "Higress",
  8080: "Higress, Spring Boot / Tomcat, Jenkins",
  9090: "Prometheus, Cockpit"
}

/** How long whoever listens there has to say what it is. */
const patience = 300

const askPath = (
  base: string,
  path: string,
  within = patience
): Effect.Effect<{ gateway: boolean; body: string } | undefined> =>
  Effect.tryPromise(async (signal) => {
    const response = await fetch(base + path, { signal: AbortSignal.any([signal, AbortSignal.timeout(within)]) })
    return { gateway: response.headers.has("x-request-id"), body: (await response.text()).slice(0, 500) }
  }).pipe(Effect.orElseSucceed(() => undefined))

/** True where the mock vendors of this project listen, and say so within so many milliseconds. */
export const isMock = (base: string, within: number): Effect.Effect<boolean> =>
  Effect.map(askPath(base, "/", within), (answer) => answer?.body.includes('"/_mock"') === true)

const holderOf = Effect.fnUntraced(function* (messages: Messages, { host, port }: Refusal) {
  const { holderLikely, holderMock, holderUnderstudy, holderUnknown } = messages.common
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host
  const base = `http://${name.includes(":") ? `[${name}]` : name}:${port}`
  if ((yield* askPath(base, "/healthz"))?.gateway === true) return holderUnderstudy
  if (yield* isMock(base, patience)) return holderMock
  const program = likely[port]
  return program === undefined ? holderUnknown : holderLikely(program)
})

/** The failure of a taken port: who is there, as far as it answers, and what to type instead. */
export const taken = Effect.fnUntraced(function* (
  messages: Messages,
  refusal: Refusal
): Effect.fn.Return<never, Failed> {
  const { common } = messages
  const holder = yield* holderOf(messages, refusal)
  const what = common.portTaken(`${refusal.host}:${refusal.port}`, holder).trimEnd()
  return yield* failed(`${what}\n${common.portWayOut(refusal.command, refusal.port + 1)}`)
})

/** The failure of an address that cannot be listened on, by the operating system's code. */
export const refused = (
  messages: Messages,
  refusal: Refusal,
  code: string,
  why: string
): Effect.Effect<never, Failed> =>
  code === "EADDRINUSE"
    ? taken(messages, refusal)
    : Effect.fail(failed(messages.common.cannotListen(`${refusal.host}:${refusal.port}`, why)))
