/** What the `lab` commands say. */
import { define } from "./define.ts"

/** Messages of `lab`. */
export const lab = define({
  en: {
    calls: (count: string) => `${count} calls`,
    nothingFits: (words: string) => `No scenario of the library has "${words}" in its name or lesson.`,
    listed: (shown: number, all: number, command: string) =>
      `${shown} of ${all} scenarios. Run some: \`${command} lab run NAME…\` (a prefix or a * will do).`,
    fine: (count: number) => `${count} scenario${count === 1 ? "" : "s"}, nothing wrong`,
    problems: (count: number) => `${count} problem${count === 1 ? "" : "s"}`,
    noFile: (path: string, why: string) => `${path} cannot be read: ${why}.`,
    codes: {
      ENOENT: "there is no such file",
      EISDIR: "it is a folder",
      ENOTDIR: "a part of its path is a file",
      EEXIST: "it is a file",
      EACCES: "permission denied",
      ECONNREFUSED: "connection refused"
    },
    runWhat: (count: number, command: string) =>
      `Say what is to be run: names, prefixes or patterns of the library's ${count} scenarios, your own files, or --all.
  ${command} lab run auth.invalid@qwen
  ${command} lab run 'rate.*' my-scenario.yaml
  ${command} lab run --all --report lab-report
What there is: \`${command} lab list\``,
    nothingMatches: (pattern: string, hint: string) => `No scenario of the library fits "${pattern}": ${hint}`,
    notInFile: (file: string, name: string, hint: string) => `${file} holds no scenario "${name}": ${hint}`,
    skipped: (name: string, why: string) => `Left out: ${name}: ${why}`,
    tooLong: (length: string, longest: string) =>
      `lasts ${length} in real time, longer than --longest ${longest}; run it on the virtual clock`,
    otherSetup:
      "the gateway would have to be set up with other keys: run it by itself, or restart the gateway with --before-each",
    nothingLeft: "Nothing is left to run.",
    warning: (text: string) => `Warning: ${text}.`,
    leftOutProvider: (name: string) => `Left out of the configuration: provider ${name}, which the lab cannot play.`,
    notWithTarget: (flag: string) =>
      `${flag} does not go with --target: the gateway has its own configuration and clock.`,
    notWithScenario: (flag: string) =>
      `${flag} does not go with --scenario: the scenario says which keys and models there are.`,
    onlyWithTarget: (flag: string) => `${flag} only goes with --target: it is for a gateway elsewhere.`,
    badTarget: (url: string) => `--target ${url} is no address such as http://127.0.0.1:8080.`,
    badMockHost: (host: string) =>
      `--mock-host ${host} is no address: host.docker.internal, 192.168.1.7 or 0.0.0.0 would be, without scheme and port.`,
    badReportFormat: (format: string) => `There is no report format "${format}": html, json, junit, md.`,
    aLength: (text: string) => `--longest ${text} is no duration such as 30s, 5m or 1h.`,
    pointAt: "Point the gateway at the mocked vendors, either with this understudy.yaml",
    orPlain: "or, in any other gateway, with these base URLs and keys",
    carries:
      "Between two scenarios all is well until the gateway uses its keys again, for a minute at most; --before-each can restart it instead.",
    inContainer: "For a gateway in a container, which cannot reach 127.0.0.1: add --mock-host host.docker.internal.",
    openMocks: (address: string) =>
      `The mocked vendors listen on ${address} as long as this runs: whoever is on that network reaches them.`,
    unreachable: (url: string, why: string) =>
      `Nobody answers at ${url} (${why}). Start the gateway with the setup above, then run this again.`,
    realTime: (scenarios: number, length: string, lanes: number) =>
      `${scenarios} scenario${scenarios === 1 ? "" : "s"} in real time: about ${length}${lanes === 1 ? "" : `, ${lanes} at once`}. Ctrl-C reports what is finished by then.`,
    written: (path: string) => `Report: ${path}`,
    cannotWrite: (path: string, why: string) => `The report cannot be written to ${path}: ${why}`,
    brokenOff: (done: number, all: number) => `Broken off: ${done} of ${all} scenarios were finished.`,
    noLastReport:
      "--only-failed needs the report of an earlier run: its folder with --report, or the file with --baseline.",
    nothingFailed: "Nothing of it failed the last time.",
    stoppedEarly: (done: number, all: number) => `Stopped at the first failure: ${done} of ${all} scenarios were run.`,
    worse: (name: string, what: string) => `Worse than the baseline: ${name}: ${what}`,
    asBefore: (names: string) => `Fails as in the baseline: ${names}`,
    better: (names: string) => `Failed in the baseline, passes now: ${names}`,
    identical: "identical: the same figures and findings",
    rejudged: "judged again from its journal: the same findings",
    differs: "differs",
    differing: (what: string, before: string, now: string) => `${what}: was ${before}, is ${now}`,
    notAgain: (client: string) => `cannot be run again: it was a run of "${client}", and only Understudy is here`,
    notJudged: "cannot be judged again: the report holds no complete journal of it",
    gone: (why: string) => `cannot be run any more: ${why}`,
    findings: "findings",
    scenario: "Scenario",
    oneOf: (name: string, example: string, count: number) =>
      `"${name}" means ${count} scenarios: name one of them, such as ${example}.`,
    described: "the scenario, its keys and calls",
    state: "what is wrong at this moment",
    later: "half a minute later, at once",
    tell: "what a client saw of a call",
    verdict: "the verdict so far",
    another: "another scenario",
    replayed: (same: number, all: number) => `${same} of ${all} runs came out the same.`
  },
  zh: {
    calls: (count) => `${count} 次调用`,
    nothingFits: (words) => `场景库里没有名称或说明含“${words}”的场景。`,
    listed: (shown, all, command) =>
      `共 ${all} 个场景，列出 ${shown} 个。运行：\`${command} lab run 名称…\`（可写前缀或带 *）。`,
    fine: (count) => `${count} 个场景，没有问题`,
    problems: (count) => `${count} 个问题`,
    noFile: (path, why) => `无法读取 ${path}：${why}。`,
    codes: {
      ENOENT: "没有这个文件",
      EISDIR: "它是目录",
      ENOTDIR: "路径中的一段是文件",
      EEXIST: "它是文件",
      EACCES: "没有权限",
      ECONNREFUSED: "连接被拒绝"
    },
    runWhat: (count, command) =>
      `请说明要运行什么：场景库 ${count} 个场景的名称、前缀或通配，自己的文件，或 --all。
  ${command} lab run auth.invalid@qwen
  ${command} lab run 'rate.*' my-scenario.yaml
  ${command} lab run --all --report lab-report
有哪些场景：\`${command} lab list\``,
    nothingMatches: (pattern, hint) => `场景库里没有符合“${pattern}”的场景：${hint}`,
    notInFile: (file, name, hint) => `${file} 里没有场景“${name}”：${hint}`,
    skipped: (name, why) => `略过 ${name}：${why}`,
    tooLong: (length, longest) => `按真实时间要 ${length}，超过 --longest ${longest}；请用虚拟时钟运行`,
    otherSetup: "需要给网关配置另一组 key：请单独运行，或用 --before-each 重启网关",
    nothingLeft: "没有可运行的场景了。",
    warning: (text) => `警告：${text}。`,
    leftOutProvider: (name) => `配置中的厂商 ${name} 实验室无法模拟，已略过。`,
    notWithTarget: (flag) => `${flag} 不能与 --target 同用：网关有自己的配置和时钟。`,
    notWithScenario: (flag) => `${flag} 不能与 --scenario 同用：有哪些 key 和模型由场景决定。`,
    onlyWithTarget: (flag) => `${flag} 只能与 --target 同用：它用于别处的网关。`,
    badTarget: (url) => `--target ${url} 不是 http://127.0.0.1:8080 这样的地址。`,
    badMockHost: (host) =>
      `--mock-host ${host} 不是地址：可写 host.docker.internal、192.168.1.7 或 0.0.0.0，不带协议和端口。`,
    badReportFormat: (format) => `没有报告格式“${format}”，可选 html、json、junit、md。`,
    aLength: (text) => `--longest ${text} 不是 30s、5m、1h 这样的时长。`,
    pointAt: "请让网关指向模拟厂商：可直接用这份 understudy.yaml",
    orPlain: "其他网关则使用以下 base URL 和 key",
    carries: "两个场景之间一切正常，直到网关重新用起各个 key，最多等一分钟；也可用 --before-each 重启网关。",
    inContainer: "容器里的网关访问不到 127.0.0.1：请加上 --mock-host host.docker.internal。",
    openMocks: (address) => `运行期间模拟厂商监听 ${address}：同一网络里的人都能访问。`,
    unreachable: (url, why) => `${url} 没有应答（${why}）。请按上面的配置启动网关，然后重新运行。`,
    realTime: (scenarios, length, lanes) =>
      `${scenarios} 个场景按真实时间运行${lanes === 1 ? "" : `，${lanes} 个同时进行`}，约需 ${length}。按 Ctrl-C 会报告已完成的部分。`,
    written: (path) => `报告：${path}`,
    cannotWrite: (path, why) => `无法把报告写到 ${path}：${why}`,
    brokenOff: (done, all) => `已中断：${all} 个场景中完成了 ${done} 个。`,
    noLastReport: "--only-failed 要用到以前的报告：请用 --report 指定其目录，或用 --baseline 指定文件。",
    nothingFailed: "上次没有未通过的场景。",
    stoppedEarly: (done, all) => `遇到第一个失败即停止：${all} 个场景中运行了 ${done} 个。`,
    worse: (name, what) => `比基线差：${name}：${what}`,
    asBefore: (names) => `与基线一样未通过：${names}`,
    better: (names) => `基线中未通过，现已通过：${names}`,
    identical: "完全一致：数据和问题都相同",
    rejudged: "已按记录重新判定：问题相同",
    differs: "不一致",
    differing: (what, before, now) => `${what}：原为 ${before}，现为 ${now}`,
    notAgain: (client) => `无法重新运行：当时测试的是“${client}”，这里只有 Understudy`,
    notJudged: "无法重新判定：报告里没有它的完整记录",
    gone: (why) => `已无法运行：${why}`,
    findings: "问题",
    scenario: "场景",
    oneOf: (name, example, count) => `“${name}”对应 ${count} 个场景，请指明其中一个，例如 ${example}。`,
    described: "场景及其 key 和调用",
    state: "此刻的故障状态",
    later: "立即快进半分钟",
    tell: "告知客户端看到的结果",
    verdict: "目前的结论",
    another: "换一个场景",
    replayed: (same, all) => `${all} 次运行中有 ${same} 次结果相同。`
  }
})
