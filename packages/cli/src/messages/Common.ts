/** What several commands say. */
import * as Reason from "@understudy/core/failure/Reason"
import { define } from "./define.ts"

/** Messages of several commands. */
export const common = define({
  en: {
    error: "ERROR",
    seeHelp: (command: string) => `See \`${command} --help\`.`,
    interrupted: "Interrupted.",
    stopping: "Stopping … (Ctrl-C again ends it at once)",
    stopped: "Stopped.",
    unexpected: (what: string) => `Something went wrong that should not have: ${what}`,
    unexpectedHint: "Set UNDERSTUDY_DEBUG=1 to see where, and report it.",
    and: ", ",
    /** Between two sentences. */
    gap: " ",
    none: "none",
    noKey: "(no key)",
    portTaken: (address: string, holder: string) => `Cannot listen on ${address}: the port is taken. ${holder}`,
    holderUnderstudy: "Another Understudy is listening there.",
    holderMock: "Another mock server of Understudy is listening there.",
    holderLikely: (program: string) => `On this port that is often ${program}.`,
    holderUnknown: "",
    portWayOut: (command: string, port: number) =>
      `Choose another port: \`${command} ${port}\` (0 takes a free one), or stop what listens there (to find it: ${process.platform === "win32" ? "netstat -ano | findstr LISTENING" : "lsof -nP -iTCP -sTCP:LISTEN"}).`,
    cannotListen: (address: string, why: string) => `Cannot listen on ${address}: ${why}`,
    wrongAddress: "nothing there answers for keys: is `baseUrl` right?",
    reasons: Reason.map(({ words }) => words)
  },
  zh: {
    error: "错误",
    seeHelp: (command) => `用法见 \`${command} --help\`。`,
    interrupted: "已中断。",
    stopping: "正在停止……（再按一次 Ctrl-C 立即结束）",
    stopped: "已停止。",
    unexpected: (what) => `出现了不该出现的错误：${what}`,
    unexpectedHint: "设置 UNDERSTUDY_DEBUG=1 可查看出错位置，欢迎反馈。",
    and: "、",
    gap: "",
    none: "无",
    noKey: "（无需 key）",
    portTaken: (address, holder) => `无法监听 ${address}：端口已被占用。${holder}`,
    holderUnderstudy: "占用它的是另一个 Understudy。",
    holderMock: "占用它的是另一个 Understudy 模拟服务。",
    holderLikely: (program) => `常占用这个端口的有 ${program}。`,
    holderUnknown: "",
    portWayOut: (command, port) =>
      `换一个端口：\`${command} ${port}\`（0 表示任选空闲端口）；或停掉占用者（查找：${process.platform === "win32" ? "netstat -ano | findstr LISTENING" : "lsof -nP -iTCP -sTCP:LISTEN"}）。`,
    cannotListen: (address, why) => `无法监听 ${address}：${why}`,
    wrongAddress: "该地址没有核对 key 的接口：`baseUrl` 对吗？",
    reasons: {
      Unauthorized: "key 无效或已被吊销",
      BalanceExhausted: "账户余额已用完",
      PermissionDenied: "该 key 没有权限",
      RateLimited: "账户目前被限流",
      Overloaded: "厂商目前过载",
      ServerFailed: "厂商服务器出错",
      ConnectionFailed: "连不上厂商",
      TimedOut: "超时未答复",
      MalformedResponse: "答复无法解析",
      EmptyResponse: "答复为空",
      Interrupted: "答复中途断开",
      ModelNotFound: "模型不存在",
      ContextTooLong: "上下文过长",
      ContentFiltered: "内容被拒",
      Unsuited: "该模型处理不了这个请求",
      InvalidRequest: "请求被拒",
      Cancelled: "已取消"
    }
  }
})
