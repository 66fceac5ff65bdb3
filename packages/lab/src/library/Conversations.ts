/** Callers that say more than one thing: with tools, over several questions, in forms that not every vendor takes. */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import * as Standard from "../scenario/Standard.ts"
import { lesson, minute, type Recipe, recipe, type Side, steady } from "./Recipe.ts"

/** The standard setting, with one route: models of both vendors that take images. */
const seeing = ({ other, otherSeer, seer, vendor }: Side): UnderstudyOptions => ({
  ...Standard.config(),
  routes: [
    {
      name: "images",
      match: { model: { exact: seer } },
      targets: [{ provider: vendor }],
      fallback: [{ provider: other, model: otherSeer }]
    }
  ]
})

/** The recipes. */
export const recipes: ReadonlyArray<Recipe> = [
  recipe("tools.outage", (side) => ({
    teaches: lesson(
      `${side.label} fails between a call of a tool and its result: ${side.otherLabel} takes the conversation as it stands, and the tool runs once.`,
      `${side.label} 在工具调用和结果之间出故障：${side.otherLabel} 接着原来的对话回答，工具只执行一次。`
    ),
    faults: [{ kind: "overload.fast", vendor: side.vendor, ratio: 0.5, ...minute }],
    traffic: steady(side, { tools: true, every: "4s" }),
    expect: { within: "10s" }
  })),
  recipe("tools.cut", (side) => ({
    teaches: lesson(
      "Streams break inside the arguments of a tool: half a call must never run, and must not be run twice.",
      "流断在工具参数中间：半个调用绝不能执行，也不能执行两次。"
    ),
    faults: [
      {
        kind: "cut.midstream",
        vendor: side.vendor,
        stream: true,
        afterThinking: true,
        afterChunks: 2,
        ordinals: [5, 12, 19, 26, 33]
      },
      { kind: "cut.midstream", vendor: side.vendor, stream: false, ordinals: [4, 11, 18, 25] }
    ],
    traffic: steady(side, { tools: true }),
    expect: { availability: 0.95 }
  })),
  recipe("turns.outage", (side) => ({
    teaches: lesson(
      `People go on talking while ${side.label} is down: the next answer comes from ${side.otherLabel}, who has never heard the ones before.`,
      `${side.label} 故障期间用户还在继续聊：下一句由 ${side.otherLabel} 回答，而前面的话它一句也没听过。`
    ),
    faults: [{ kind: "overload.fast", vendor: side.vendor, ...minute }],
    traffic: steady(side, { system: "Be brief.", turns: 3, pause: "10s", every: "4s" }),
    expect: { within: "10s" }
  })),
  recipe("images.outage", (side) => ({
    teaches: lesson(
      `People ask about a picture while ${side.label} is down: the fallback has to be a model that sees, and is shown the same picture.`,
      `${side.label} 故障期间用户在问一张图：后备必须是看得懂图的模型，而且要把同一张图交给它。`
    ),
    faults: [{ kind: "overload.fast", vendor: side.vendor, ...minute }],
    traffic: steady(side, { model: side.seer, image: true }),
    config: seeing(side),
    expect: { within: "10s" }
  })),
  recipe("answer.json", (side) => ({
    teaches: lesson(
      "Programs ask for JSON, and a fallback that forgets to say so answers them in prose.",
      "程序要的是 JSON：后备模型若漏掉这个要求，就会用散文来回答。"
    ),
    faults: [{ kind: "server.error", vendor: side.vendor, ...minute }],
    traffic: steady(side, { answer: "json" })
  })),
  recipe("answer.schema", (side) => ({
    teaches: lesson(
      "One vendor keeps to a JSON schema by itself and the other has to be told in words: the answer is the same JSON.",
      "一家原生支持 JSON schema，另一家只能用文字说明：得到的必须是同样的 JSON。"
    ),
    faults: [{ kind: "server.error", vendor: side.vendor, ...minute }],
    traffic: steady(side, { answer: "schema" })
  }))
]
