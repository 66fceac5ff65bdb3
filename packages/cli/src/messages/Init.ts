/** What `understudy init` says. */
import { define } from "./define.ts"

/** Messages of `init`. */
export const init = define({
  en: {
    welcome: "A configuration in two minutes.",
    howto: "Enter skips a vendor. Keys are not shown while you type or paste; separate several with commas.",
    needsTerminal: (understudy: string, variables: ReadonlyArray<string>) =>
      `\`${understudy} init\` asks questions and needs a terminal. For scripts: \`${understudy} init --yes\`, with keys in ${variables.join(", ")}.`,
    keysOf: (vendor: string) => `${vendor} API keys (hidden; Enter skips)`,
    notAKey: "A key has no spaces, quotes or special characters in it. Nothing was kept: paste it again.",
    read: (length: number, end: string | undefined, strange: string | undefined) =>
      `Read: ${length} character${length === 1 ? "" : "s"}${end === undefined ? "" : `, ending in "${end}"`}${strange === undefined ? "" : `, with ${strange} among them`}.`,
    checking: (keys: number, vendor: string) => `Asking ${vendor} about ${keys} key${keys === 1 ? "" : "s"} …`,
    notChecked: (why: string) => `not checked, ${why}`,
    someBad: "The vendor refuses a key. What now?",
    someUnknown: "A key could not be checked. That says nothing about the key. What now?",
    dropBad: "Leave the refused keys out",
    enterAgain: "Enter the keys again",
    checkAgain: "Check once more",
    keep: "Keep them as they are",
    skipped: "skipped",
    protect: "Must callers of the gateway send a key?",
    protectHint: "One is made up if so; without, everybody on this machine may call.",
    yes: "yes",
    no: "no",
    overwrite: (what: string) => `${what} exists. Overwrite?`,
    exists: (what: string) => `${what} exists. Nothing was written. Use --force to overwrite, or another --dir.`,
    leftAlone: "Nothing was written.",
    nothingWritten: "Broken off. Nothing was written.",
    cannotWrite: (folder: string, why: string) => `Cannot write into ${folder}: ${why}`,
    written: "Written",
    consumerIn: (file: string) => `Callers send the key that stands in ${file} as UNDERSTUDY_CONSUMER_KEY.`,
    next: "Next",
    thenCheck: "asks every vendor about every key",
    thenServe: "starts the gateway on http://127.0.0.1:8080/v1",
    thenMock: "in another terminal: plays the vendors",
    noKeys: "No key was given, so .env points to the mock vendors: it all works without an account.",
    keysLater: (consoles: string) =>
      `Keys are made at ${consoles}  Put yours into .env later and delete the two _BASE_URL lines.`
  },
  zh: {
    welcome: "两分钟写好配置。",
    howto: "直接回车跳过某个厂商。输入或粘贴 key 时不显示；多个 key 用逗号分隔。",
    needsTerminal: (understudy, variables) =>
      `\`${understudy} init\` 要提问，需要终端。脚本里请用 \`${understudy} init --yes\`，key 放在环境变量 ${variables.join("、")} 里。`,
    keysOf: (vendor) => `${vendor} API key（不显示；回车跳过）`,
    notAKey: "key 里不会有空格、引号或特殊字符。输入已清空，请重新粘贴。",
    read: (length, end, strange) =>
      `读到 ${length} 个字符${end === undefined ? "" : `，末尾是“${end}”`}${strange === undefined ? "" : `，其中有 ${strange}`}。`,
    checking: (keys, vendor) => `正在核对 ${vendor} 的 ${keys} 个 key ……`,
    notChecked: (why) => `未能核对，${why}`,
    someBad: "厂商拒绝了其中的 key，怎么办？",
    someUnknown: "有 key 未能核对，这并不说明 key 有问题。怎么办？",
    dropBad: "去掉被拒的 key",
    enterAgain: "重新输入",
    checkAgain: "再核对一次",
    keep: "照样保留",
    skipped: "已跳过",
    protect: "调用网关是否需要 key？",
    protectHint: "需要则自动生成一个；不需要则本机任何程序都可调用。",
    yes: "是",
    no: "否",
    overwrite: (what) => `${what} 已存在，要覆盖吗？`,
    exists: (what) => `${what} 已存在，什么都没有写。要覆盖请加 --force，或用 --dir 换个目录。`,
    leftAlone: "什么都没有写。",
    nothingWritten: "已中断，什么都没有写。",
    cannotWrite: (folder, why) => `无法写入 ${folder}：${why}`,
    written: "已写入",
    consumerIn: (file) => `调用方要携带的 key 在 ${file} 里，名为 UNDERSTUDY_CONSUMER_KEY。`,
    next: "接下来",
    thenCheck: "向各厂商核对每一个 key",
    thenServe: "启动网关：http://127.0.0.1:8080/v1",
    thenMock: "在另一个终端里运行：模拟厂商",
    noKeys: "没有填 key，所以 .env 指向模拟厂商：没有账号也能全部跑通。",
    keysLater: (consoles) => `申请 key：${consoles}  以后把自己的 key 填进 .env，并删掉两行 _BASE_URL。`
  }
})
