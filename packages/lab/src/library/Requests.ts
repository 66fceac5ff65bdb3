/** What is wrong with the request, with the model, or with the way it is called. */
import { brokenStreams, fiveLost, lesson, minute, type Recipe, recipe, steady } from "./Recipe.ts"

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
  recipe("content.output", (side) => ({
    teaches: lesson(
      "The vendor stops an answer half-way because of what it says: asking again, there or elsewhere, is not the client's to decide.",
      "厂商因内容审查在半途截断回答：要不要换个地方再问，不该由客户端擅自决定。"
    ),
    faults: brokenStreams(side, { kind: "content.output" }),
    traffic: steady(side),
    expect: { availability: fiveLost }
  })),
  recipe("model.gone", (side) => ({
    teaches: lesson(
      "A model is withdrawn over night: no key and no retry helps, the next target does.",
      "模型一夜之间下线：换 Key、重试都没用，只有下一个目标有用。"
    ),
    faults: [{ kind: "model.gone", vendor: side.vendor, model: side.model, ...minute }],
    traffic: steady(side)
  })),
  recipe("mode.mismatch", (side) => side.mismatch(side))
]
