/** Answers that are late, empty, broken off, or not what they seem. */
import * as Standard from "../scenario/Standard.ts"
import { breaking, brokenStreams, failing, fiveLost, lesson, minute, type Recipe, recipe, steady } from "./Recipe.ts"

const standard = Standard.config()

/** The standard setting, with answers taken as streams whatever the caller asked for. */
const streamed = { ...standard, routes: standard.routes.map((route) => ({ ...route, upstream: "streamed" as const })) }

const silent: ReadonlyArray<Recipe> = [
  recipe("slow.firstToken", (side) => ({
    teaches: lesson(
      "Headers come at once and the first word after 45 seconds: what counts is content, and another vendor has it sooner.",
      "响应头马上就到，第一个字要等 45 秒：要看的是内容，另一家给得更快。"
    ),
    faults: [{ kind: "slow.firstToken", vendor: side.vendor, stream: true, delay: "45s", ...minute }],
    expect: { within: "40s" }
  })),
  recipe("slow.drip", (side) => ({
    teaches: lesson(
      "A slow answer that goes on is a good answer: leaving it costs more than waiting for it.",
      "慢但一直在输出的回答就是好回答：放弃它比等它代价更大。"
    ),
    faults: [{ kind: "slow.chunks", vendor: side.vendor, stream: true, delay: "1500ms" }],
    traffic: steady(side, { every: "5s", stream: true, for: "5m" }),
    expect: { attemptsPerCall: 1 }
  })),
  failing(
    "stall.before",
    "The connection stands and nothing ever comes, for JSON either: ask for a stream, and silence shows within seconds.",
    "连接建立后什么都不返回，非流式请求也一样：向上游要流式，几秒之内就能发现静默。",
    { config: streamed, expect: { within: "40s" } }
  ),
  recipe("stall.thinking", (side) => ({
    teaches: lesson(
      "A model falls silent while it thinks, its socket open: notice it within seconds, and say so, because what was shown cannot be taken back.",
      "模型在思考途中突然静默，连接却还开着：几秒内发现并明确报错，因为已经展示的内容收不回来。"
    ),
    faults: brokenStreams(side, "stall.thinking").map((fault) => ({ ...fault, afterThinking: false })),
    traffic: steady(side, { model: side.thinker, stream: true }),
    expect: { availability: fiveLost }
  })),
  breaking(
    "stall.midstream",
    "A stream falls silent in the middle of a sentence: after content there is no second try, only an honest end.",
    "流在一句话中间静默：内容发出之后没有第二次机会，只能如实结束。",
    brokenStreams
  )
]

const brokenOff: ReadonlyArray<Recipe> = [
  breaking(
    "cut.midstream",
    "The connection closes in the middle of an answer: half an answer is an error, never an answer.",
    "连接在回答中途关闭：半个回答是错误，绝不能当成回答。"
  ),
  breaking(
    "reset.midstream",
    "The connection is reset in the middle of an answer: streams that had begun end with an error, all else is asked for again.",
    "连接在回答中途被重置：已经开始的流以错误结束，其余的重新请求。"
  ),
  breaking(
    "halfclose.midstream",
    "The vendor closes its half of the connection in the middle of an answer and goes on reading: half an answer all the same.",
    "厂商在回答中途只关闭了自己这一半连接，仍在接收：这同样只是半个回答。"
  ),
  breaking(
    "body.short",
    "Fewer bytes come than content-length promised: what is there may even be read, and it is not the answer.",
    "收到的字节比 content-length 承诺的少：这部分也许能解析，但它不是完整的回答。"
  ),
  breaking(
    "eof.noDone",
    "A stream ends cleanly, but without a finish_reason: many clients take that for a whole answer, and it is not.",
    "流正常结束，却没有 finish_reason：许多客户端会当成完整回答，其实不是。"
  ),
  breaking(
    "finish.missing",
    "A stream says [DONE] and never said a finish_reason: it was hung up in good order, and the answer is not whole.",
    "流发来了 [DONE]，却从未给出 finish_reason：连接是好好结束的，回答却不完整。"
  ),
  breaking(
    "finish.resource",
    "insufficient_system_resource is a finish_reason that means: not finished. Ask again where nothing was shown yet.",
    "insufficient_system_resource 虽是 finish_reason，意思却是没说完：还没展示内容的就重新请求。"
  ),
  recipe("partial.200", (side) => ({
    teaches: lesson(
      "A call that ran into Qwen's own time limit is a 200 with half the text: only a header says so.",
      "撞上 Qwen 自身超时的请求会以 200 返回半截文本：只有一个响应头说明了这一点。"
    ),
    faults: [{ kind: "partial.200", vendor: side.vendor, stream: false, ...minute }]
  }))
]

const misshapen: ReadonlyArray<Recipe> = [
  failing(
    "empty.200",
    "HTTP 200 with nothing in it is a failure like any other: ask again, then elsewhere.",
    "内容为空的 HTTP 200 和其他失败没有两样：再问一次，然后换一家。"
  ),
  recipe("error.early", (side) => ({
    teaches: lesson(
      "An error inside HTTP 200, before the first word: the caller has seen nothing, so another target can still answer.",
      "错误藏在 HTTP 200 里，而且在第一个字之前：调用方什么都还没看到，换一家仍然来得及。"
    ),
    faults: [{ kind: "error.midstream", vendor: side.vendor, afterChunks: 0, ...minute }]
  })),
  breaking(
    "error.midstream",
    "An error event in the middle of a stream ends the answer: pass it on as an error, and never start over behind the caller's back.",
    "流中途出现错误事件，回答就此结束：把它作为错误传下去，绝不背着调用方重头再来。",
    brokenStreams
  ),
  breaking(
    "frame.malformed",
    "A frame that is not JSON holds words that nobody gets: an answer with a hole is no answer.",
    "一帧坏掉的 JSON 意味着丢了几个字：有缺口的回答不是回答。"
  ),
  recipe("bytes.sliced", () => ({
    teaches: lesson(
      "Packets end where they like, in the middle of a character too: nothing is wrong, and nothing may go wrong.",
      "数据包可以在任何地方断开，甚至在一个汉字中间：这并不是故障，也不该变成故障。"
    ),
    faults: [{ kind: "bytes.sliced", size: 3 }],
    expect: { attemptsPerCall: 1 }
  }))
]

/** The recipes. */
export const recipes: ReadonlyArray<Recipe> = [...silent, ...brokenOff, ...misshapen]
