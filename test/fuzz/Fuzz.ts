/**
 * Asks for answers that were bent, through every face, and judges what came of them:
 *
 * - no defect: an answer, or one of our errors; the gateway never says 500, the SDK never throws a raw error;
 * - no permit lost: when nothing is under way, no circuit is being probed and no call is counted;
 * - no answer is called whole that is not, and its text is the text that was sent.
 */
import { bend, draw, type Sent, type Step } from "./Bend.ts"
import { type Recorded, recordAll } from "./Corpus.ts"
import { faces } from "./Faces.ts"
import { Luck } from "./Luck.ts"
import * as Meter from "./Meter.ts"
import * as Truth from "./Truth.ts"
import * as World from "./World.ts"

/** One case: which answer, how it is bent, who asks for it. */
export interface Case {
  readonly seed: number
  readonly recorded: Recorded
  readonly steps: ReadonlyArray<Step>
  readonly face: string
  readonly way: World.Way
  readonly n: number
}

/** A case that breaks a promise. */
export interface Broken {
  readonly broken: Case
  readonly wrong: ReadonlyArray<string>
}

/** What a run came to. */
export interface Totals {
  runs: number
  /** Answered by the target that was bent. */
  whole: number
  /** Answered by the fallback. */
  fallback: number
  /** Ended in an error of ours. */
  errors: number
  /** Whole answers whose text was compared. */
  compared: number
  probes: number
}

const names = Object.keys(faces)

/** The case of a seed. */
export const caseOf = (corpus: ReadonlyArray<Recorded>, seed: number): Case => {
  const luck = new Luck(seed)
  const face = luck.of(names)
  const wantsStream = face.endsWith("stream")
  const isFitting = luck.chance(0.85)
  const isGood = luck.chance(0.8)
  const fitting = corpus.filter((each) => each.isGood === isGood && (!isFitting || each.stream === wantsStream))
  const n = faces[face]?.takesN === true && luck.chance(0.15) ? 2 : 1
  return { seed, recorded: luck.of(fitting), steps: draw(luck), face, way: luck.of(World.ways), n }
}

const judge = (
  sent: Sent,
  { n, way }: Case,
  got: Awaited<ReturnType<(typeof faces)[string]["ask"]>>,
  totals: Totals
): ReadonlyArray<string> => {
  totals.runs++
  if (got.provider === undefined) totals.errors++
  else if (got.provider === "well") totals.fallback++
  else totals.whole++
  const wrong = [...got.wrong]
  if (got.provider === undefined || got.provider === "well" || sent.plain === undefined || way === "continued")
    return wrong
  if (sent.status < 200 || sent.status > 299) wrong.push(`an answer out of a ${sent.status}`)
  const truth = Truth.of(sent.plain, sent.ending, n)
  if (!truth.whole) wrong.push("an answer that is not whole was called whole")
  if (truth.text === undefined || got.text === undefined) return wrong
  totals.compared++
  if (truth.text !== got.text) wrong.push(`the text is "${got.text}" and should be "${truth.text}"`)
  return wrong
}

/** Runs cases, some of them side by side. */
export class Fuzz {
  readonly corpus: ReadonlyArray<Recorded> = recordAll()
  readonly totals: Totals = { runs: 0, whole: 0, fallback: 0, errors: 0, compared: 0, probes: 0 }
  readonly #lanes: number
  readonly #world: World.World
  readonly #meter: Meter.Meter

  private constructor(lanes: number, world: World.World, meter: Meter.Meter) {
    this.#lanes = lanes
    this.#world = world
    this.#meter = meter
  }

  /** Opens a world with so many lanes. */
  static async make(lanes: number): Promise<Fuzz> {
    const meter = Meter.install()
    return new Fuzz(lanes, await World.make(lanes), meter)
  }

  /** Runs some cases side by side, each in a lane of its own. */
  async run(cases: ReadonlyArray<Case>): Promise<ReadonlyArray<Broken>> {
    const thrown = this.#world.thrown.length
    const judged = await Promise.all(cases.map((each, lane) => this.#one(each, lane % this.#lanes)))
    this.totals.probes = this.#meter.probes()
    const found = judged.flatMap((wrong, at) => (wrong.length === 0 ? [] : [{ broken: cases[at] as Case, wrong }]))
    const left = await this.#left(thrown)
    if (left.length === 0) return found
    // Whose it is shows when each is run alone.
    if (cases.length === 1) return [{ broken: cases[0] as Case, wrong: [...(found[0]?.wrong ?? []), ...left] }]
    for (const each of cases) {
      const alone = await this.run([each])
      if (alone.length > 0) found.push(...alone)
    }
    return found.length > 0 ? found : [{ broken: cases[0] as Case, wrong: left.map((each) => `${each} (in company)`) }]
  }

  /** The case with as few steps as break the same promise. */
  async shrink(given: Broken): Promise<Broken> {
    let least = given
    for (let at = 0; at < least.broken.steps.length; ) {
      const steps = least.broken.steps.toSpliced(at, 1)
      const [still] = await this.run([{ ...least.broken, steps }])
      if (still === undefined) at++
      else least = still
    }
    return least
  }

  async close(): Promise<void> {
    await this.#world.close()
    this.#meter.remove()
  }

  async #one(each: Case, lane: number): Promise<ReadonlyArray<string>> {
    const { face, n, recorded, steps, way } = each
    const sent = bend(recorded, steps)
    this.#world.answers[lane] = sent
    const got = await faces[face]?.ask({ world: this.#world, model: `${way}-${lane}`, n })
    return got === undefined ? [] : judge(sent, each, got, this.totals)
  }

  /** What is held though nothing is under way. */
  async #left(thrown: number): Promise<ReadonlyArray<string>> {
    const held = (): boolean => this.#meter.held().probes > 0 || this.#meter.held().calls !== 0
    for (let turn = 0; held() && turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    const { calls, probes } = this.#meter.held()
    return [
      ...(probes > 0 ? [`${probes} probes of circuits are lost`] : []),
      ...(calls === 0 ? [] : [`${calls} calls are counted as under way`]),
      ...this.#world.thrown.slice(thrown).map((error) => `thrown at the transport: ${String(error)}`)
    ]
  }
}

/** The answer as the bent target sends it, for people. */
export const describe = ({ broken, wrong }: Broken): string => {
  const { face, n, recorded, seed, steps, way } = broken
  const { ending, headers, pieces, status } = bend(recorded, steps)
  const body = JSON.stringify(Buffer.concat(pieces).toString("utf8"))
  return [
    `seed ${seed}: ${face}, way ${way}, n ${n}, ${recorded.name}, bent by ${steps.map(({ kind }) => kind).join(", ") || "nothing"}`,
    ...wrong.map((each) => `  ${each}`),
    `  status ${status}, ${JSON.stringify(headers)}, ${pieces.length} pieces, ends by ${ending}`,
    `  ${body.length > 3_000 ? `${body.slice(0, 3_000)}…` : body}`
  ].join("\n")
}
