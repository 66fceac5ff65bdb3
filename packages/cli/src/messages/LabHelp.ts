/** Descriptions of the `lab` commands and of their flags. */
import { define } from "./define.ts"

/** Messages of `lab --help`. */
export const labHelp = define({
  en: {
    lab: "Play outages against Understudy or your gateway, and judge what happened",
    list: "List the scenarios of the library",
    lint: "Check files of scenarios: every problem with its place",
    run: "Run scenarios and judge them",
    replay: "Run the scenarios of a report.json again and compare",
    schema: "Print the JSON Schema of a scenario's file",
    words: "Words that the name or the lesson contains",
    files: "Files of scenarios",
    scenarios: "Files (FILE#NAME: one of several), or names of the library: whole, the beginning, or with a *",
    reportFile: "A report.json that `lab run` wrote",
    all: "Everything in the library",
    seed: "Another seed than the scenario's",
    config:
      "Test this configuration instead of the scenario's: its routes, limits, circuits, models, and as many keys of as many accounts; the keys are the lab's",
    model: "Ask for this model in place of the scenario's",
    catalogue:
      "Which names of models the vendors have: today's (2026, unless told otherwise), those before July 2026 (2025; the library asks for them then), or both",
    target: "Test the gateway at this address, in real time",
    apiKey: "Key for --target (better: UNDERSTUDY_API_KEY in the environment)",
    port: "Port of the mocked vendors (with --target: 9090)",
    mockHost:
      "Address at which the gateway of --target finds the mocked vendors: host.docker.internal, an IP of this machine, 0.0.0.0",
    runner: "virtual: a virtual clock; network: a mocked network; sockets: real sockets in real time",
    longest: "In real time: leave out scenarios that last longer (default: 5m)",
    report: "Folder to write reports into",
    baseline: "A report.json with known failures: fail only where something got worse",
    onlyFailed: "Run only what failed in the last report: that of --report, else --baseline",
    failFast: "Stop at the first failure",
    format: "Which reports, comma-separated (default: html,json,junit,md)",
    json: "Print the report as JSON",
    scenario: "Let the vendors live through this scenario (a file, or a name of the library) with its own keys",
    speed:
      "How many times faster than real time the vendors live, 1 to 100: clients divide their own timeouts and cool-downs by it",
    examples: {
      run: "Everything about rate limits, on a virtual clock",
      all: "For a build server",
      target: "Your own gateway, in real time",
      scenario: "For tests in another language",
      speed: "Four minutes of an outage in 24 s, for a client whose waits are a tenth of what they are in production",
      list: "What there is about DeepSeek's credentials"
    }
  },
  zh: {
    lab: "对 Understudy 或自己的网关演练故障，并给出结论",
    list: "列出场景库",
    lint: "检查场景文件，逐一指出问题及位置",
    run: "运行场景并给出结论",
    replay: "重新运行 report.json 里的场景并比较",
    schema: "输出场景文件的 JSON Schema",
    words: "名称或说明里包含的词",
    files: "场景文件",
    scenarios: "文件（文件#名称：其中一个），或场景库里的名称：全名、前缀或带 *",
    reportFile: "`lab run` 写出的 report.json",
    all: "场景库的全部场景",
    seed: "换一个种子",
    config: "测试这份配置（其路由、时限、熔断、模型，以及 key 和账号的数量），而不是场景自带的配置；key 用实验室的",
    model: "请求这个模型，代替场景自带的",
    catalogue:
      "厂商有哪些模型名：今天的（2026，默认）、2026 年 7 月以前的（2025，场景库也改用旧名），或两者都有（both）",
    target: "按真实时间测试这个地址上的网关",
    apiKey: "访问 --target 用的 key（更好：环境变量 UNDERSTUDY_API_KEY）",
    port: "模拟厂商的端口（用 --target 时为 9090）",
    mockHost: "--target 的网关访问模拟厂商用的地址：host.docker.internal、本机的某个 IP 或 0.0.0.0",
    runner: "virtual 虚拟时钟；network 模拟网络；sockets 真实套接字和真实时间",
    longest: "真实时间运行时，略过更长的场景（默认 5m）",
    report: "报告写入的目录",
    baseline: "含有已知失败的 report.json：只在变差时才算失败",
    onlyFailed: "只运行上次报告里未通过的：取 --report 目录里的报告，否则取 --baseline",
    failFast: "遇到第一个失败就停止",
    format: "写哪些报告，逗号分隔（默认 html,json,junit,md）",
    json: "以 JSON 输出报告",
    scenario: "让模拟厂商按场景（文件，或场景库里的名称）出故障，key 也由场景决定",
    speed: "模拟厂商的时间比真实时间快多少倍，1 到 100：客户端自己的超时和冷却时间要除以它",
    examples: {
      run: "用虚拟时钟运行全部限流场景",
      all: "用于持续集成",
      target: "按真实时间测试自己的网关",
      scenario: "用于其他语言的测试",
      speed: "24 秒演完四分钟的故障，客户端的各种等待设为生产环境的十分之一",
      list: "与 DeepSeek 凭证有关的场景"
    }
  }
})
