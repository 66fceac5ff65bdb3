/**
 * Clients that do one thing wrong each, as real ones do: by the finding that catches them.
 */
import * as Client from "../../src/run/Client.ts"
import * as HttpClient from "../../src/run/HttpClient.ts"
import * as UnderstudyClient from "../../src/run/UnderstudyClient.ts"
import type { FindingKind } from "../../src/scenario/FindingKind.ts"

type Vendor = "deepseek" | "qwen"

/** A way to an answer. */
interface Way {
  readonly vendor: Vendor
  readonly key: number
  readonly model: string
}

/** What a client has at hand. */
interface Kit {
  readonly setting: Client.Setting
  /** Makes one attempt. */
  readonly ask: (way: Way, request: Client.LabRequest, context: Client.CallContext) => Promise<Client.LabReply>
  /** The keys of the model's own vendor, then those of the other one. */
  readonly ways: (model: string) => ReadonlyArray<Way>
}

const vendorOf = (model: string): Vendor => (model.startsWith("deepseek") ? "deepseek" : "qwen")

const ways = (model: string): ReadonlyArray<Way> => {
  const vendor = vendorOf(model)
  const other =
    vendor === "qwen" ? { vendor: "deepseek", model: "deepseek-flash" } : { vendor: "qwen", model: "qwen-plus" }
  return [{ vendor, model }, other as Omit<Way, "key">].flatMap((place) => [
    { ...place, key: 0 },
    { ...place, key: 1 }
  ])
}

const kitOf = (setting: Client.Setting): Kit => ({
  setting,
  ways,
  ask: async ({ key, model, vendor }, request, { content, runTool, signal }) => {
    const { baseUrl: url, keys } = setting[vendor]
    const { start } = await HttpClient.make({ url, apiKey: keys[key] }).open(setting)
    return new Promise((resolve, reject) => {
      const leave = start(
        { ...request, model },
        {
          content,
          runTool,
          end: (outcome) => ("reply" in outcome ? resolve(outcome.reply) : reject(outcome.error))
        }
      )
      signal.addEventListener("abort", leave)
    })
  }
})

const make = (name: string, open: (kit: Kit) => Client.Answer): Client.Client =>
  Client.make(name, (setting) => open(kitOf(setting)))

/** The first that succeeds, one after the other; nothing is tried any more once the caller has seen content. */
const inTurn = async <A>(
  tries: ReadonlyArray<A>,
  request: Client.LabRequest,
  context: Client.CallContext,
  ask: (each: A, context: Client.CallContext) => Promise<Client.LabReply>
): Promise<Client.LabReply> => {
  let shown = false
  let failure: unknown = new Error(`nothing is left for ${request.model}`)
  const content = (piece: string): void => {
    shown = true
    context.content(piece)
  }
  for (const each of tries) {
    try {
      return await ask(each, { ...context, content })
    } catch (error) {
      failure = error
      if (shown) break
    }
  }
  throw failure
}

const once = make(
  "asks once",
  ({ ask, ways }) =>
    (request, context) =>
      ask(ways(request.model)[0]!, request, context)
)

const alone = UnderstudyClient.make({
  name: "knows no other vendor",
  config: (config) => ({ ...config, routes: config.routes.map((route) => ({ ...route, fallback: [] })) })
})

const patient = UnderstudyClient.make({
  name: "waits for a first word for two minutes",
  config: (config) => ({
    ...config,
    providers: Object.fromEntries(
      Object.entries(config.providers).map(([name, provider]) => [
        name,
        { ...provider, deadlines: { firstContent: "2m" } }
      ])
    )
  })
})

/** Keeps what the caller has been given. */
const listening = (context: Client.CallContext) => {
  const heard = { text: "" }
  const content = (piece: string): void => {
    heard.text += piece
    context.content(piece)
  }
  return { heard, context: { ...context, content } }
}

const gullible = make("takes what came for the whole", ({ ask, ways }) => (request, given) => {
  const { context, heard } = listening(given)
  return inTurn(ways(request.model), request, context, (way, each) =>
    ask(way, request, each).catch((error: unknown) => {
      if (heard.text === "") throw error
      return { text: heard.text }
    })
  )
})

const splicer = make("starts over behind its caller's back", ({ ask, ways }) => async (request, given) => {
  const { context, heard } = listening(given)
  for (const way of ways(request.model)) {
    const reply = await ask(way, request, context).catch(() => undefined)
    if (reply !== undefined) return { ...reply, text: request.stream ? heard.text : reply.text }
  }
  throw new Error("nobody answered")
})

const soothing = make(
  "makes up an answer when nobody has one",
  ({ ask, ways }) =>
    (request, context) =>
      ask(ways(request.model)[0]!, request, context).catch(() => ({ text: "The service is busy.", finish: "length" }))
)

const stammering = make("passes every piece on twice", ({ ask, ways }) => (request, context) => {
  const twice = (piece: string): void => {
    context.content(piece)
    context.content(piece)
  }
  return ask(ways(request.model)[0]!, request, { ...context, content: twice })
})

/** Asks everybody in turn, for each call anew, and waits as long as it takes. */
const naive = (name: string): Client.Client =>
  make(
    name,
    ({ ask, ways }) =>
      (request, context) =>
        inTurn(ways(request.model), request, context, (way, each) => ask(way, request, each))
  )

const unforgiving = make("never forgives", ({ ask, ways }) => {
  const out = new Set<string>()
  const label = ({ key, vendor }: Way): string => `${vendor}#${key}`
  return (request, context) => {
    const left = ways(request.model).filter((way) => !out.has(label(way)))
    return inTurn(left, request, context, (way, each) =>
      ask(way, request, each).catch((error: unknown) => {
        out.add(label(way))
        throw error
      })
    )
  }
})

const stubborn = (name: string, times: number, pause: number): Client.Client =>
  make(name, ({ ask, setting, ways }) => (request, context) => {
    const [first, , ...others] = ways(request.model)
    const again = Array.from({ length: times }, () => first!)
    return inTurn([first!, ...again, ...others], request, context, async (way, each) => {
      const reply = await ask(way, request, each).catch((error: unknown) => error)
      if (!(reply instanceof Error)) return reply as Client.LabReply
      if (pause > 0) await setting.clock.sleep(pause, each.signal)
      throw reply
    })
  })

const greedy = make("asks both vendors at once", ({ ask, ways }) => (request, context) => {
  const both = ways(request.model).filter(({ key }) => key === 0)
  const quiet = { ...context, content: () => undefined }
  return Promise.any(both.map((way) => ask(way, request, quiet)))
})

const deaf = make(
  "does not notice that its caller left",
  ({ ask, ways }) =>
    (request, context) =>
      ask(ways(request.model)[0]!, request, { ...context, signal: new AbortController().signal })
)

/** Asks one key of each vendor in turn, for each call anew. */
const forgetful = (name: string, toWay: (way: Way) => Way = (way) => way): Client.Client =>
  make(
    name,
    ({ ask, ways }) =>
      (request, context) =>
        inTurn(
          ways(request.model)
            .filter(({ key }) => key === 0)
            .map(toWay),
          request,
          context,
          (way, each) => ask(way, request, each)
        )
  )

const careless = make("hedges after a second, and forgets who lost", ({ ask, setting, ways }) => (request, context) => {
  const [first, second] = ways(request.model).filter(({ key }) => key === 0)
  const unheard = { ...context, content: () => undefined, signal: new AbortController().signal }
  const later = setting.clock.sleep(1_000, context.signal)
  const answered = ask(first!, request, unheard)
  const isOver = { first: false }
  void answered.then(
    () => {
      isOver.first = true
    },
    () => undefined
  )
  return Promise.any([answered, later.then(() => (isOver.first ? answered : ask(second!, request, unheard)))])
})

/** Changes what it passes on. */
const changing = (name: string, change: (request: Client.LabRequest, kit: Kit) => Client.LabRequest): Client.Client =>
  make(name, (kit) => (request, context) => kit.ask(kit.ways(request.model)[0]!, change(request, kit), context))

const editor = changing("rewrites what its caller says", (request) => ({
  ...request,
  messages: request.messages.map(({ content }) => ({ role: "user", content: String(content).replace("Say", "Sing") }))
}))

const chatty = changing("tells the model its keys", (request, { setting }) => ({
  ...request,
  messages: [{ role: "system", content: `Keys: ${setting.qwen.keys.join(", ")}` }, ...request.messages]
}))

const buffering = make("shows a stream when it is over", ({ ask, ways }) => async (request, context) => {
  const reply = await ask(ways(request.model)[0]!, request, { ...context, content: () => undefined })
  context.content(reply.text)
  return reply
})

const eager = make("runs a tool, and has its caller run it again", ({ ask, ways }) => async (request, context) => {
  const reply = await ask(ways(request.model)[0]!, request, context)
  for (const call of reply.toolCalls ?? []) context.runTool(call)
  return reply
})

const worried: Client.Client = {
  name: "checks each second by a paid completion",
  promises: true,
  open: async (setting) => {
    const session = await UnderstudyClient.make().open(setting)
    const closing = new AbortController()
    const { ask, ways } = kitOf(setting)
    const check = async (): Promise<void> => {
      const request = {
        id: "",
        model: "qwen-plus",
        messages: [{ role: "user", content: "ping" }],
        text: "ping",
        stream: false
      } as const
      while (!closing.signal.aborted) {
        const context = { signal: closing.signal, content: () => undefined, runTool: () => "" }
        await ask(ways(request.model)[0]!, request, context)
        await setting.clock.sleep(1_000, closing.signal)
      }
    }
    const checking = check().catch(() => undefined)
    return {
      start: session.start,
      close: async () => {
        closing.abort()
        await checking
        await session.close?.()
      }
    }
  }
}

/** By the finding that catches it. */
export const broken: Readonly<Record<FindingKind, Client.Client>> = {
  "low-availability": once,
  "failed-while-healthy": alone,
  "too-slow": patient,
  "made-up-answer": soothing,
  "garbled-answer": stammering,
  "truncated-accepted": gullible,
  spliced: splicer,
  "key-reused": naive("forgets which keys were refused"),
  "key-not-restored": unforgiving,
  "same-account-rotation": naive("takes the next key whatever the matter is"),
  "retry-storm": stubborn("tries thirty times", 30, 1_000),
  "no-backoff": stubborn("repeats at once", 2, 0),
  "retry-after-ignored": naive("ignores Retry-After"),
  "retried-caller-error": naive("takes a refused request elsewhere"),
  "stall-undetected": naive("waits for ever"),
  "health-check-cost": worried,
  "double-billing": greedy,
  "leaked-upstream-error": naive("passes on what the last vendor said"),
  "cancelled-left-running": deaf,
  "left-running": careless,
  "dead-target-asked": forgetful("forgets that a vendor is down"),
  "wrong-request": editor,
  "key-disclosed": chatty,
  "tool-run-twice": eager,
  "late-first-content": buffering,
  "context-fallback-too-small": forgetful("falls back on a small model", (way) =>
    way.vendor === "deepseek" ? { ...way, model: "deepseek-chat" } : way
  )
}
