/**
 * The demonstrations of `understudy start`: what each shows, and the lines that show it. They may be pasted in any order
 * and any number of times; what depends on what was pasted before says so.
 *
 * **Gotchas**
 *
 * - What one shows is printed as a comment of the shell. zsh takes comments for commands when they are pasted, so there
 *   must be no quote, bracket or other sign in them that a shell reads.
 */
import type { Messages } from "../Messages.ts"
import { keys, models, type Presence } from "./Setup.ts"

/** One demonstration. */
export interface Demonstration {
  readonly name: keyof Messages["demo"]["shows"]
  /** What it shows, in one line. */
  readonly shows: string
  readonly lines: ReadonlyArray<string>
}

/** Where things are. */
export interface Place {
  /** `http://127.0.0.1:8080` */
  readonly gateway: string
  /** The mock vendors; undefined when the real ones are used. */
  readonly mock: string | undefined
  /** How the command line was called: `npm run -s understudy --`. */
  readonly understudy: string
  readonly vendors: Presence
}

/** A key such as a caller has: an open gateway takes any key, and none. */
export const consumerKey = "cbfda275-56ff-4d45-a984-6482502e2f25"

interface Ask {
  readonly model: string
  readonly path?: string
  readonly flags?: string
  readonly key?: string
  readonly stream?: boolean
}

const makeAsk =
  ({ gateway }: Place, question: string) =>
  ({ flags = "-sS -w '\\n'", key, model, path = "/v1/chat/completions", stream = false }: Ask): string => {
    const messages = [{ role: "user", content: question }]
    const body = JSON.stringify({ model, ...(stream ? { stream } : {}), messages })
    const json = "-H 'Content-Type: application/json'"
    const authorization = key === undefined ? "" : ` \\\n  -H 'Authorization: Bearer ${key}'`
    return `curl ${flags} ${gateway}${path} ${json}${authorization} \\\n  -d '${body}'`
  }

const withDeepSeek = (ask: (what: Ask) => string): Partial<Record<Demonstration["name"], ReadonlyArray<string>>> => ({
  deepseek: [ask({ model: models.deepseek }), ask({ model: models.former.deepseek })],
  springAi: [ask({ model: models.deepseek, path: "/v1/v1/chat/completions", key: consumerKey })]
})

const repeatedly = (ask: (what: Ask) => string): string =>
  `for i in 1 2 3 4 5 6; do ${ask({ model: models.qwen, flags: "-siS" })} | grep -iE '^x-understudy-trail'; done`

const withQwen = (ask: (what: Ask) => string): Partial<Record<Demonstration["name"], ReadonlyArray<string>>> => ({
  qwen: [ask({ model: models.qwen }), ask({ model: models.former.qwen })],
  consumer: [ask({ model: models.qwenLarge, key: consumerKey })],
  tokenFailover: [repeatedly(ask)]
})

/** Long enough for a removed key to be probed again. */
const wait = "sleep 1"

const withMock = (
  mock: string,
  ask: (what: Ask) => string
): Partial<Record<Demonstration["name"], ReadonlyArray<string>>> => {
  const control = (method: string, path: string, body?: unknown): string =>
    `curl -sS -o /dev/null -X ${method} ${mock}/_mock/${path}${body === undefined ? "" : ` -d '${JSON.stringify(body)}'`}`
  const setKey = (key: string, state: string): string => control("POST", "keys", { vendor: "qwen", key, state })
  return {
    // The gateway has long given the bad key up: it is good until the gateway has taken it back, then it is revoked.
    tokenFailover: [`${setKey(keys.qwenBad, "valid")}; ${wait}`, setKey(keys.qwenBad, "invalid"), repeatedly(ask)],
    fallback: [
      setKey(keys.qwen, "invalid"),
      ask({ model: models.qwen }),
      ask({ model: models.qwen, stream: true, flags: "-sSN" })
    ],
    restore: [setKey(keys.qwen, "valid"), wait, ask({ model: models.qwen })],
    outage: [
      `${control("POST", "reset")}; ${wait}`,
      control("PUT", "faults", [{ vendor: "deepseek", kind: "server.error" }]),
      ask({ model: models.deepseek }),
      control("DELETE", "faults"),
      ask({ model: models.deepseek })
    ]
  }
}

const order: ReadonlyArray<Demonstration["name"]> = [
  "deepseek",
  "qwen",
  "consumer",
  "springAi",
  "tokenFailover",
  "fallback",
  "restore",
  "outage",
  "models",
  "explain"
]

/** The demonstrations that are possible here, in order. */
export const make = (messages: Messages, place: Place): ReadonlyArray<Demonstration> => {
  const ask = makeAsk(place, messages.demo.question)
  const { deepseek, qwen } = place.vendors
  const lines: Partial<Record<Demonstration["name"], ReadonlyArray<string>>> = {
    ...(deepseek ? withDeepSeek(ask) : {}),
    ...(qwen ? withQwen(ask) : {}),
    ...(place.mock === undefined ? {} : withMock(place.mock, ask)),
    models: [`curl -sS -w '\\n' ${place.gateway}/v1/models`],
    explain: [`${place.understudy} explain ${qwen ? models.qwen : models.deepseek} --demo`]
  }
  return order.flatMap((name) => {
    const found = lines[name]
    return found === undefined ? [] : [{ name, shows: messages.demo.shows[name], lines: found }]
  })
}
