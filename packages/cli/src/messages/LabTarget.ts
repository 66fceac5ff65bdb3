/** What is said of gateways in another process: `lab run --target`. */
import { define } from "./define.ts"

/** Messages of `lab run --target`. */
export const labTarget = define({
  en: {
    header: "A header for every request to --target, as NAME=VALUE; repeatable",
    beforeEach:
      "Shell command that gives --target a clean start before each scenario; it finds UNDERSTUDY_LAB_CONFIG, _TARGET, _PORT, _MOCK, _SCENARIO and _LANE in its environment, and what it leaves running is ended afterwards",
    targetLog: "File that --target writes its log to: what comes in while a scenario runs is looked through for keys",
    noLog: (file: string) =>
      `--target-log ${file}: there is no such file. Give the one that the gateway writes its log to.`,
    concurrency:
      "So many scenarios at once, each with a gateway of its own: --target and --port are the first one's, the others' ports follow",
    example: "A fresh gateway for each of a dozen quick scenarios, two at a time",
    badConcurrency: (value: number) => `--concurrency ${value} is no whole number from 1 to 16.`,
    lanes: (count: number, targets: string, mocks: string) =>
      `${count} gateways are asked at once: at ${targets}; each finds its mocked vendors at a port of its own: ${mocks}.`,
    beforeEachIs: (command: string) =>
      `Before each scenario runs: ${command}\nThe setup above is in the file $UNDERSTUDY_LAB_CONFIG, with the keys of that scenario; what the command leaves running is ended afterwards.`,
    beforeEachFailed: (command: string, code: string, output: string) =>
      `--before-each failed (${code}): ${command}${output === "" ? "" : `\n${output}`}`,
    neverAsked: (url: string, why: string) =>
      `The gateway at ${url} answered without asking the mocked vendors, although nothing is wrong with them${why === "" ? "" : `: "${why}"`}. Check that it has the base URLs and keys above, and --api-key or --header for its own.`,
    notBack: (scenario: string, keys: string) =>
      `${scenario} begins while the gateway still leaves out ${keys}, well again for a minute. --before-each can restart it.`
  },
  zh: {
    header: "发给 --target 的每个请求都带的请求头，写作 名=值；可重复",
    beforeEach:
      "每个场景之前运行的 shell 命令，让 --target 从头开始；环境变量里有 UNDERSTUDY_LAB_CONFIG、_TARGET、_PORT、_MOCK、_SCENARIO 和 _LANE，它留在后台的进程事后会被结束",
    targetLog: "--target 写日志的文件：场景运行期间写入的内容会被检查是否含有 key",
    noLog: (file) => `--target-log ${file}：没有这个文件。请给出网关写日志的文件。`,
    concurrency: "同时运行几个场景，每个场景各有一个网关：--target 和 --port 是第一个的，其余的端口依次加一",
    example: "十二个快速场景，每次都用全新的网关，两个同时进行",
    badConcurrency: (value) => `--concurrency ${value} 不是 1 到 16 之间的整数。`,
    lanes: (count, targets, mocks) => `同时测试 ${count} 个网关：${targets}；各自的模拟厂商在不同端口：${mocks}。`,
    beforeEachIs: (command) =>
      `每个场景之前运行：${command}\n上面的配置已写入文件 $UNDERSTUDY_LAB_CONFIG，key 以该场景为准；命令留在后台的进程事后会被结束。`,
    beforeEachFailed: (command, code, output) =>
      `--before-each 运行失败（${code}）：${command}${output === "" ? "" : `\n${output}`}`,
    neverAsked: (url, why) =>
      `${url} 的网关有应答，却没有访问模拟厂商，而此时厂商一切正常${why === "" ? "" : `：“${why}”`}。请检查它是否用了上面的 base URL 和 key，以及它自己的 key 是否已用 --api-key 或 --header 给出。`,
    notBack: (scenario, keys) =>
      `${scenario} 开始时，网关仍未启用 ${keys}，尽管它已恢复一分钟。可用 --before-each 重启网关。`
  }
})
