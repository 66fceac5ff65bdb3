/** Traffic that rises, comes in bursts, or meets vendors that are slow without being down. */
import { keys, lesson, type Recipe, recipe, steady } from "./Recipe.ts"

/** The recipes. */
export const recipes: ReadonlyArray<Recipe> = [
  recipe("load.ramp", (side) => ({
    teaches: lesson(
      `Traffic rises to five calls a second, and ${side.label}'s accounts take a hundred a minute: what is too much there is ${side.otherLabel}'s.`,
      `流量升到每秒五次，而 ${side.label} 的每个账号每分钟只接一百次：多出来的交给 ${side.otherLabel}。`
    ),
    keys: keys({
      [side.first]: { limit: { requests: 100, per: "1m", retryAfter: "seconds" } },
      [side.second]: { limit: { requests: 100, per: "1m", retryAfter: "seconds" } }
    }),
    traffic: {
      model: side.model,
      stream: 0.5,
      every: "2s",
      ramp: [
        { for: "1m", every: "200ms" },
        { for: "1m", every: "200ms" },
        { for: "1m", every: "2s" },
        { for: "1m", every: "2s" }
      ]
    }
  })),
  recipe("load.bursts", (side) => ({
    teaches: lesson(
      "Callers come whenever they like, and twenty at once every half minute, where an account takes four: let the rest overflow, at once.",
      "请求随机到来，每半分钟还会一下涌来二十个，而每个账号只容四个并发：其余的立刻溢出到别处。"
    ),
    keys: keys({ [side.first]: { concurrency: 4 }, [side.second]: { concurrency: 4 } }),
    pace: "50ms",
    traffic: {
      model: side.model,
      stream: 0.5,
      every: "2s",
      for: "4m",
      arrivals: "poisson",
      bursts: { every: "30s", calls: 20 }
    },
    expect: { within: "10s" }
  })),
  recipe("slow.tail", (side) => ({
    teaches: lesson(
      "Half of the answers begin within 0.4 s, and a few take a minute: whoever waits for those has a slow service without a single error.",
      "一半回答在 0.4 秒内开始，少数要等一分钟：一味等下去的服务没有一个错误，却照样很慢。"
    ),
    links: { [side.vendor]: { latency: { median: "400ms", p99: "20s", tail: "60s" } } },
    traffic: steady(side, { every: "1s", stream: true, arrivals: "poisson" }),
    expect: { within: "40s" }
  })),
  recipe("slow.bandwidth", (side) => ({
    teaches: lesson(
      "Bytes come through a narrow line: an answer that goes on is a good answer, however long it takes, and asking twice makes the line narrower.",
      "网络带宽很窄：只要还在输出就是好回答，多问一遍只会让线路更挤。"
    ),
    links: { [side.vendor]: { bandwidth: 1000 } },
    traffic: steady(side, { every: "5s", for: "5m" }),
    expect: { attemptsPerCall: 1 }
  }))
]
