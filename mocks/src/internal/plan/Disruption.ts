/**
 * Bends an ordinary answer: from the plan of a good response to the plan of a bad one. Pure, one function per kind.
 */
import type { Fault } from "../../Fault.ts"
import type { FaultKind } from "../../FaultKind.ts"
import type { Ending, Plan, Step } from "../../Plan.ts"
import type { Personality, Scene } from "../vendor/Personality.ts"
import type { Answer } from "./Answer.ts"
import * as Check from "./Check.ts"
import * as Token from "./Token.ts"

/** What a bend may look at besides the plan. */
export interface Context {
  readonly personality: Personality
  readonly scene: Scene
}

type Bend = (plan: Plan, manner: Fault["manner"], context: Context) => Plan

const ms = (value: Check.Duration | undefined, fallback: number): number =>
  value === undefined ? fallback : Check.duration("delay", value)

const halve = (step: Step): Step => {
  const bytes = Buffer.from(step.data as string)
  return { after: step.after, data: bytes.subarray(0, Math.floor(bytes.length / 2)), chunks: 0, part: step.part }
}

/** The steps up to and including the kth content chunk; of a JSON body its first half. */
const first = (
  plan: Plan,
  { afterChunks: count = 3, afterThinking = false }: Fault["manner"] = {}
): ReadonlyArray<Step> => {
  const kept: Array<Step> = []
  let chunks = 0
  for (const step of plan.steps) {
    if (step.part === "body") return [...kept, halve(step)]
    if (step.part === "finish" || (step.chunks > 0 && chunks >= count)) break
    kept.push(step)
    if (!(afterThinking && step.part === "reasoning")) chunks += step.chunks
  }
  return kept
}

const stop =
  (as: Ending["as"]): Bend =>
  (plan, manner) => ({ ...plan, steps: first(plan, manner), ending: { after: 0, as } })

const without = (plan: Plan, parts: ReadonlyArray<Step["part"]>): Plan => ({
  ...plan,
  steps: plan.steps.filter((step) => !parts.includes(step.part))
})

const delayFirst =
  (fallback: number): Bend =>
  (plan, { delay }) => {
    const at = plan.steps.findIndex((step) => step.chunks > 0)
    const steps = plan.steps.map((step, index) =>
      index === at ? { ...step, after: step.after + ms(delay, fallback) } : step
    )
    return { ...plan, steps }
  }

const queue: Bend = (plan, manner, { scene }) => {
  const [total, every] = [ms(manner.delay, 5000), ms(manner.every, 5000)]
  const data = scene.stream ? ": keep-alive\n\n" : "\n"
  const beats = Array.from({ length: Math.ceil(total / every) }, (_, index): Step => {
    return { after: index === 0 ? 0 : every, data, chunks: 0, part: "queue" }
  })
  const rest = total - Math.max(0, beats.length - 1) * every
  if (manner.finally === "close") return { ...plan, steps: beats, ending: { after: rest, as: "cut" } }
  const [head, ...tail] = plan.steps
  return { ...plan, steps: head === undefined ? beats : [...beats, { ...head, after: head.after + rest }, ...tail] }
}

const errorEvent =
  (recipe: FaultKind): Bend =>
  (plan, manner, { personality, scene }) => {
    const { message } = manner
    const { body } = personality.refuse({ recipe, details: message === undefined ? {} : { message } }, scene)
    const steps = scene.stream ? first(plan, manner) : []
    // Inside a 200 the event holds the error alone, without the request id of a whole response.
    const event = JSON.stringify({ error: (JSON.parse(body) as { error: unknown }).error })
    return {
      ...plan,
      steps: [...steps, { after: 0, data: scene.stream ? `data: ${event}\n\n` : event, chunks: 0, part: "error" }]
    }
  }

const malformed: Bend = (plan, manner, { scene }) => {
  if (!scene.stream) return { ...plan, steps: first(plan) }
  const steps = first(plan, manner)
  const broken: Step = {
    after: 0,
    data: 'data: {"choices":[{"index":0,"delta":{"content":"\n\n',
    chunks: 0,
    part: "error"
  }
  return { ...plan, steps: [...steps, broken, ...plan.steps.slice(steps.length)] }
}

const empty: Bend = (plan, _, { personality, scene }) => ({
  ...plan,
  steps: [{ after: 0, data: personality.nothing(scene), chunks: 0, part: "body" }]
})

const short: Bend = (plan, manner) => {
  const length = plan.steps.reduce((sum, step) => sum + Buffer.byteLength(step.data as string), 0)
  const headers = plan.headers.filter(([name]) => name !== "transfer-encoding")
  return {
    ...plan,
    headers: [...headers, ["content-length", String(length)]],
    steps: first(plan, manner),
    ending: { after: 0, as: "cut" }
  }
}

const facts = ({ finish, totalTokens }: Step): Partial<Step> => ({
  ...(finish === undefined ? {} : { finish }),
  ...(totalTokens === undefined ? {} : { totalTokens })
})

const sliced: Bend = (plan, { size = 7 }) => {
  const bytes = Buffer.concat(plan.steps.map((step) => Buffer.from(step.data as string)))
  const borders: Array<{ end: number; step: Step }> = []
  for (const step of plan.steps) {
    borders.push({ end: (borders.at(-1)?.end ?? 0) + Buffer.byteLength(step.data as string), step })
  }
  const steps = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index): Step => {
    const [start, end] = [index * size, Math.min(bytes.length, (index + 1) * size)]
    const done = borders.filter((border) => border.end > start && border.end <= end).map(({ step }) => step)
    const chunks = done.reduce((sum, step) => sum + step.chunks, 0)
    return {
      ...Object.assign({}, ...done.map(facts)),
      after: index === 0 ? (plan.steps[0]?.after ?? 0) : 0,
      data: bytes.subarray(start, end),
      chunks,
      part: "body",
      flush: true
    }
  })
  return { ...plan, steps }
}

const bends: Partial<Record<FaultKind, Bend>> = {
  "slow.headers": (plan, { delay }) => ({ ...plan, opening: { after: plan.opening.after + ms(delay, 5000) } }),
  "slow.firstToken": delayFirst(5000),
  "slow.chunks": (plan, { delay }) => ({
    ...plan,
    steps: plan.steps.map((step) => (step.chunks > 0 ? { ...step, after: step.after + ms(delay, 100) } : step))
  }),
  "overload.queue": queue,
  "stall.thinking": stop("stall"),
  "stall.midstream": stop("stall"),
  "cut.midstream": stop("cut"),
  "reset.midstream": stop("reset"),
  "halfclose.midstream": stop("half-close"),
  "eof.noDone": (plan, manner, context) => {
    if (!context.scene.stream) return malformed(plan, manner, context)
    const whole = without(plan, ["finish", "usage", "done"])
    return { ...plan, steps: first(whole, { afterChunks: Number.POSITIVE_INFINITY, ...manner }) }
  },
  "finish.missing": (plan, _, { scene }) =>
    scene.stream
      ? without(plan, ["finish", "usage"])
      : {
          ...plan,
          steps: plan.steps.map(({ finish: _, ...step }) => ({
            ...step,
            data: String(step.data).replace(/"finish_reason":"\w+"/, '"finish_reason":null')
          }))
        },
  "error.midstream": errorEvent("overload.fast"),
  "frame.malformed": malformed,
  "empty.200": empty,
  "body.short": short,
  "bytes.sliced": sliced,
  "partial.200": (plan) => ({ ...plan, headers: [...plan.headers, ["x-dashscope-partialresponse", "true"]] })
}

/** Changes what the model says, for the faults that show in the answer itself. */
export const say = (answer: Answer, kinds: ReadonlyArray<FaultKind>, personality: Personality): Answer => {
  const half = (): Token.Tokens => Token.first(answer.content, Math.ceil(answer.content.count / 2))
  if (kinds.includes("finish.resource")) return { ...answer, content: half(), finish: "insufficient_system_resource" }
  if (kinds.includes("partial.200")) return { ...answer, content: half() }
  if (kinds.includes("content.output") && personality.inspects === "finish") {
    return { ...answer, content: half(), finish: "content_filter" }
  }
  return answer
}

/** Bends the plan of a good answer, fault by fault. */
export const bend = (plan: Plan, faults: ReadonlyArray<Fault>, context: Context): Plan =>
  faults.reduce((bent, { spec, manner }) => {
    const inspected = spec.kind === "content.output" && context.personality.inspects === "error"
    const change = inspected ? errorEvent("content.output") : bends[spec.kind]
    return change === undefined ? bent : change(bent, manner, context)
  }, plan)
