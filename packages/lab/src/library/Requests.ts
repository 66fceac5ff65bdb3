/** What is wrong with the request, with the model, or with the way it is called. */
import type { FaultOptions } from "../scenario/Options.ts"
import { breaking, brokenStreams, lesson, minute, type Recipe, recipe, type Side, steady } from "./Recipe.ts"

/** A refusal that is the caller's own affair. */
const refused = (
  kind: FaultOptions["kind"],
  en: string,
  zh: string,
  wayOf: (side: Side) => Omit<FaultOptions, "kind"> = () => ({})
): Recipe =>
  recipe(kind, (side) => ({
    teaches: lesson(en, zh),
    faults: [{ kind, vendor: side.vendor, ...wayOf(side) }],
    traffic: steady(side, { for: "2m" }),
    expect: { outcome: "rejected", attemptsPerCall: 1 }
  }))

/** The recipes. */
export const recipes: ReadonlyArray<Recipe> = [
  recipe("content.input", (side) => ({
    teaches: lesson(
      "A prompt that was judged unsafe is the caller's own affair: it comes back at once, no key is blamed, no other vendor is asked.",
      "提示词被判定为不安全是调用方自己的事：立即返回，不怪罪 Key，也不再去问另一家。"
    ),
    faults: side.inputRefusals.map((way) => ({ kind: "content.input", vendor: side.vendor, ...way })),
    traffic: steady(side, { for: "2m" }),
    expect: { outcome: "rejected", attemptsPerCall: 1 }
  })),
  breaking(
    "content.output",
    "The vendor stops an answer half-way because of what it says: asking again, there or elsewhere, is not the client's to decide.",
    "厂商因内容审查在半途截断回答：要不要换个地方再问，不该由客户端擅自决定。",
    brokenStreams
  ),
  recipe("model.gone", (side) => ({
    teaches: lesson(
      "A model is withdrawn over night: no key and no retry helps, the next target does.",
      "模型一夜之间下线：换 Key、重试都没用，只有下一个目标有用。"
    ),
    faults: [{ kind: "model.gone", vendor: side.vendor, model: side.model, ...minute }]
  })),
  recipe("model.unsupported", (side) => ({
    teaches: lesson(
      "This endpoint does not offer the model (404 model_not_supported): the next target does, and no key is to blame.",
      "这个接入点不提供该模型（404 model_not_supported）：下一个目标有，而且怪不到 Key 头上。"
    ),
    faults: [{ kind: "model.unsupported", vendor: side.vendor, model: side.model, ...minute }]
  })),
  recipe("request.thinking", (side) => ({
    teaches: lesson(
      "Qwen refuses plain calls of a model that would think: the request is fit for the next target as it is.",
      "Qwen 拒绝对会思考的模型做非流式调用：同样的请求，下一个目标能答。"
    ),
    faults: [{ kind: "request.thinking", vendor: side.vendor, stream: false, ...minute }]
  })),
  recipe("request.tooLong", (side) => ({
    teaches: lesson(
      "A conversation has outgrown the model's context (400): the same model never takes it, the next target may.",
      "对话超出了模型的上下文长度（400）：再问同一个模型没有用，下一个目标也许装得下。"
    ),
    faults: [{ kind: "request.tooLong", vendor: side.vendor, ...minute }],
    traffic: steady(side, { history: { turns: 40, words: 50 } })
  })),
  recipe("request.tooLarge", (side) => ({
    teaches: lesson(
      "A body is larger than this vendor takes (413): no key helps there, and the next vendor's limit is another.",
      "请求体超过这家厂商的上限（413）：换 Key 没有用，而下一家的上限不同。"
    ),
    faults: [{ kind: "request.tooLarge", vendor: side.vendor, ...minute }],
    traffic: steady(side, { history: { turns: 40, words: 50 } })
  })),
  refused(
    "request.malformed",
    "A body that no vendor can read is wrong everywhere: say so at once, and ask nobody else.",
    "谁也读不懂的请求体到哪里都是错的：立即如实返回，不要再问别家。",
    ({ malformed }) => malformed
  ),
  refused(
    "request.invalid",
    "A parameter out of range is the caller's to mend: its refusal comes back unchanged, and costs one attempt.",
    "参数越界只能由调用方改正：原样返回拒绝信息，只花一次请求。"
  ),
  recipe("mode.mismatch", (side) => side.mismatch(side))
]
