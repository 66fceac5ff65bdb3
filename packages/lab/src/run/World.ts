/**
 * The vendors of a run: the mocks, furnished by a scenario, with its phases and what is known of their states over time.
 *
 * A `World` wraps the mocks' `Vendors`, so that every adapter (transport, network, server) can carry it. It moves them from
 * phase to phase and listens to them: each change is a `Transition`, and after each change the paths that are certain to
 * answer are written down.
 */
import type { Clock } from "@understudy/mocks/Clock"
import type { FaultSpec } from "@understudy/mocks/Fault"
import type { Entry } from "@understudy/mocks/Journal"
import type { KeySpec } from "@understudy/mocks/Key"
import type { Recording } from "@understudy/mocks/Recording"
import * as Vendors from "@understudy/mocks/Vendors"
import type { Fault, Key, PathPlan, Phase, Scenario } from "../scenario/Scenario.ts"
import * as ReplyText from "../traffic/ReplyText.ts"
import * as ToolUse from "../traffic/ToolUse.ts"
import * as Traffic from "../traffic/Traffic.ts"
import { type Found, Inspection } from "./Inspection.ts"
import type { Attempt, Health, Transition } from "./Run.ts"

/** What the mocks keep of their journal: a day at one call a second, and then some; of a world that forgets, some minutes. */
const journalLimits = { all: 1_000_000, forgets: 10_000 }

/** A world that has begun. */
export interface World {
  readonly vendors: Vendors.Vendors
  readonly transitions: ReadonlyArray<Transition>
  /** By the model asked for. */
  readonly health: Readonly<Record<string, ReadonlyArray<Health>>>
  /** Milliseconds since the beginning. */
  readonly elapsed: () => number
  /** The name of the phase that the world is in; empty when the scenario has none. */
  readonly phase: () => string
  readonly attempts: () => ReadonlyArray<Attempt>
  /** Looks at requests as they arrive: it is to be told what the callers ask. */
  readonly inspection: Inspection
  /** Takes out the attempts that have ended, and those that began before a moment, of a world that forgets. */
  readonly release: (before: number) => ReadonlyArray<Attempt>
  /** The calls of attempts that are under way, of a world that forgets. */
  readonly open: () => ReadonlySet<string | undefined>
  /** Takes back what is still to come. */
  readonly stop: () => void
}

const toKeySpec = ({ name, value: _, ...spec }: Key): KeySpec => ({ ...spec, name }) as KeySpec

const toFaultSpec = (fault: Fault): FaultSpec => fault as FaultSpec

/** Ways to an answer by the model asked for. */
export type Paths = Readonly<Record<string, ReadonlyArray<PathPlan>>>

/** What a world is made of. */
export interface Options {
  readonly scenario: Scenario
  /** The ways whose health is written down. */
  readonly paths: Paths
  readonly clock: Clock
  /** Remembers what was released no more; keeps everything unless told otherwise. */
  readonly forgets?: boolean
  /** Answers to be played instead of the lab's own texts. */
  readonly recordings?: ReadonlyArray<Recording>
}

type Writable = { -readonly [Name in keyof Attempt]: Attempt[Name] }

type Request = Parameters<NonNullable<Vendors.Options["replies"]>>[0]

/** Models keep to JSON when a format says so, or words that a client put beside those of its caller. */
const isForJson = ({ format, messages }: Request): boolean =>
  format !== "text" || messages.some(({ text }) => /\bJSON\b/.test(text.replace(Traffic.jsonText, "")))

const placeOf = (what: Transition["what"], name: string): string => `${what} ${name}`

class Living implements World {
  readonly vendors: Vendors.Vendors
  readonly transitions: Array<Transition> = []
  readonly health: Record<string, Array<Health>> = {}
  readonly inspection: Inspection
  /** What was found in requests, by ordinal. */
  readonly #found = new Map<number, Found>()
  readonly #scenario: Scenario
  readonly #paths: Paths
  readonly #clock: Clock
  /** Until everything stands no time has passed, however long it takes on a real clock. */
  #begun = Number.POSITIVE_INFINITY
  readonly #inner: Vendors.Vendors
  readonly #known = new Map<string, string>()
  readonly #stopListening: () => void
  /** What has not been released; undefined where the journal has it all. */
  #log: Array<Entry> | undefined
  #cancelPhase = (): void => undefined
  /** Faults of the phase. */
  #armed: ReadonlyArray<Vendors.FaultHandle> = []
  /** While faults are taken away and added, no path is looked at. */
  #isEntering = true
  #phase = 0
  #inPhase = 0

  constructor({ clock, forgets = false, paths, recordings = [], scenario }: Options) {
    this.#log = forgets ? [] : undefined
    this.#scenario = scenario
    this.inspection = new Inspection(scenario.keys)
    this.#paths = paths
    this.#clock = clock
    this.#inner = Vendors.make({
      seed: scenario.seed,
      clock,
      journalLimit: forgets ? journalLimits.forgets : journalLimits.all,
      chunkDelay: scenario.pace,
      links: scenario.links as NonNullable<Vendors.Options["links"]>,
      recordings,
      catalogue: scenario.catalogue,
      keys: Object.fromEntries(scenario.keys.map((key) => [key.value, toKeySpec(key)])),
      replies: (request, vendor) => {
        const last = request.messages.at(-1)
        const ordinal = this.#inner.journal.total + 1
        const [tool] = request.toolChoice === "none" || last?.role === "tool" ? [] : request.tools
        if (tool !== undefined) return { tool: { name: tool.name, arguments: ToolUse.argumentsOf(ordinal) } }
        const going = last?.role === "assistant" ? ReplyText.rest(last.text) : undefined
        const text = ReplyText.make(ordinal, vendor)
        return going ?? (isForJson(request) ? ReplyText.frame(text) : text)
      }
    })
    this.vendors = { ...this.#inner, receive: (arrival) => this.#receive(arrival) }
    this.#stopListening = this.#inner.onChange(({ name, to, what }) => {
      // A window is drawn to its end, even if its fault was used up before.
      if (to !== "used up" && this.#tell(what, name, to) && !this.#isEntering) this.#examine()
    })
    // The order in which a timeline begins: the phase, the keys, the faults.
    this.#tell("phase", "", this.phase())
    for (const { name, state } of this.#inner.keys()) this.#tell("key", name, state)
    for (const fault of scenario.faults) this.#arm(fault)
    this.#enter(0)
    this.#isEntering = false
    this.#examine()
    this.#begun = clock.now()
  }

  readonly elapsed = (): number => Math.max(0, Math.round(this.#clock.now() - this.#begun))

  readonly phase = (): string => this.#scenario.phases[this.#phase]?.name ?? ""

  readonly attempts = (): ReadonlyArray<Attempt> =>
    (this.#log ?? this.#inner.journal.entries).map((entry) => this.#toAttempt(entry))

  readonly release = (before: number): ReadonlyArray<Attempt> => {
    const goes = ({ arrivedAt, end }: Entry): boolean => end !== "open" || arrivedAt - this.#begun < before
    const gone = (this.#log ?? []).filter(goes)
    this.#log = this.#log?.filter((entry) => !goes(entry))
    const attempts = gone.map((entry) => this.#toAttempt(entry))
    for (const { ordinal } of gone) this.#found.delete(ordinal)
    return attempts
  }

  readonly open = (): ReadonlySet<string | undefined> =>
    new Set(this.#log?.flatMap(({ call, end }) => (end === "open" ? [call] : [])))

  readonly stop = (): void => {
    this.#stopListening()
    this.#cancelPhase()
  }

  #receive(arrival: Parameters<Vendors.Vendors["receive"]>[0]): ReturnType<Vendors.Vendors["receive"]> {
    const until = this.#scenario.phases[this.#phase]?.until?.requests
    if (until !== undefined && this.#inPhase++ >= until) this.#enter(this.#phase + 1)
    const delivery = this.#inner.receive(arrival)
    const { call, ordinal } = delivery.entry
    const found = this.inspection.look(arrival, call)
    if (found !== undefined) this.#found.set(ordinal, found)
    this.#log?.push(delivery.entry)
    return delivery
  }

  #arm(fault: Fault): Vendors.FaultHandle {
    const handle = this.#inner.addFault(toFaultSpec(fault))
    if (!this.#known.has(placeOf("fault", fault.name))) this.#tell("fault", fault.name, "off")
    return handle
  }

  #enter(index: number): void {
    const phase: Phase | undefined = this.#scenario.phases[index]
    if (phase === undefined) return
    this.#isEntering = true
    this.#cancelPhase()
    for (const handle of this.#armed) handle.remove()
    this.#phase = index
    this.#inPhase = 0
    this.#tell("phase", "", phase.name)
    this.#armed = phase.faults.map((fault) => this.#arm(fault))
    this.#isEntering = false
    this.#examine()
    const { after } = phase.until ?? {}
    if (after !== undefined) this.#cancelPhase = this.#clock.after(after, () => this.#enter(index + 1))
  }

  #tell(what: Transition["what"], name: string, to: string): boolean {
    const place = placeOf(what, name)
    const from = this.#known.get(place) ?? ""
    if (from === to) return false
    this.#known.set(place, to)
    this.transitions.push({ at: this.elapsed(), what, name, from, to })
    return true
  }

  /** Writes down which paths are certain, where that has changed. */
  #examine(): void {
    const at = this.elapsed()
    for (const [asked, ways] of Object.entries(this.#paths)) {
      const certain = ways.filter((way) => [false, true].every((stream) => this.#inner.health({ ...way, stream }).ok))
      const paths = certain.map(({ key, model, vendor }) => `${vendor}/${model}#${key}`)
      const moments = this.health[asked] ?? []
      if (moments.at(-1)?.paths.join() !== paths.join()) moments.push({ at, paths })
      this.health[asked] = moments
    }
  }

  #toAttempt(entry: Entry): Attempt {
    const since = (moment: number): number => Math.round(moment - this.#begun)
    const { call, endedAt, finish, firstByteAt, headersAt, maxTokens, retryAfter, toolResults, totalTokens } = entry
    const attempt: Writable = {
      ordinal: entry.ordinal,
      at: since(entry.arrivedAt),
      vendor: entry.vendor,
      method: entry.method,
      path: entry.path,
      key: entry.keyName,
      account: entry.account,
      model: entry.model,
      stream: entry.stream,
      recipe: entry.recipe,
      status: entry.status,
      end: entry.end,
      chunks: entry.chunks
    }
    // Assigned one by one: of a day there are many, and spreading what there may be costs several times as much.
    if (call !== undefined) attempt.call = call
    if (entry.attempt !== undefined) attempt.attempt = entry.attempt
    if (headersAt !== undefined) attempt.headersAt = since(headersAt)
    if (firstByteAt !== undefined) attempt.firstByteAt = since(firstByteAt)
    if (endedAt !== undefined) attempt.endedAt = since(endedAt)
    if (retryAfter !== undefined) attempt.retryAfter = retryAfter
    if (maxTokens !== undefined) attempt.maxTokens = maxTokens
    if (toolResults !== undefined) attempt.toolResults = toolResults
    if (finish !== undefined) attempt.finish = finish
    if (totalTokens !== undefined) attempt.tokens = totalTokens
    const found = this.#found.get(entry.ordinal)
    return found === undefined ? attempt : { ...attempt, ...found }
  }
}

/** Begins a world. */
export const begin = (options: Options): World => new Living(options)
