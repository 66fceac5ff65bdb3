/** What is wrong with a configuration, in words. English is the core's own, but for what a command line knows better. */
import { type BaseUrl, type KeyText, Problem, Size } from "@understudy/core/config/Texts"
import * as CalledAs from "../internal/CalledAs.ts"
import { define } from "./define.ts"

const expectations: Readonly<Record<Problem.Expectation, string>> = {
  text: "非空文本",
  duration: "时长，如 500ms、5s、2m、1h",
  positiveDuration: "大于 0 的时长，如 500ms、5s、2m、1h",
  durationOrPercentile: "时长（如 2s），或 p1 到 p99 之间的百分位",
  count: "大于等于 1 的整数",
  amount: "大于等于 0 的数",
  fraction: "0 到 1 之间的数",
  percentage: "0 到 100 之间的百分比",
  moment: "日期或时间，如 2027-01-31 或 2027-01-31T18:00:00+08:00",
  network: "IP 地址或网段，如 10.0.0.1 或 10.0.0.0/8",
  port: "0 到 65535 之间的端口号",
  size: "大小（如 20MB），或字节数",
  bodySize: `1 字节到 ${Size.largestBody / 1e6}MB 之间的大小`,
  origin: "网页的源：只写协议、主机和端口，如 https://app.example.com",
  host: "主机名：只写名字，如 ai.example.com",
  redisUrl: "地址，如 redis://:password@127.0.0.1:6379",
  targets: "至少一个目标",
  keys: "至少一个 key",
  object: "一组键值",
  list: "列表",
  string: "文本",
  number: "数字",
  integer: "整数",
  boolean: "true 或 false",
  other: "别的内容"
}

const kinds: Readonly<Record<KeyText.Kind, string>> = {
  zeroWidth: "看不见的零宽字符",
  byteOrderMark: "字节序标记",
  space: "空格",
  lineBreak: "换行符",
  control: "控制字符",
  fullWidth: "全角字符",
  quote: "引号",
  variable: "没有替换的变量",
  foreign: "请求头里不能有的字符"
}

const whence: Readonly<Record<Problem.Whence, string>> = {
  given: "命令行所指定",
  environment: "由 UNDERSTUDY_CONFIG 指定",
  folder: "在当前目录查找"
}

const listed = (names: ReadonlyArray<string>): string => (names.length === 0 ? "无" : names.join("、"))

const didYouMean = (meant: string | undefined): string => (meant === undefined ? "" : `；是不是想写“${meant}”？`)

const gotText = (got: string | undefined): string => (got === undefined ? "" : `，写的却是 ${got}`)

const expectedText = ({ expected, kinds }: Extract<Problem.Problem, { readonly _tag: "Unexpected" }>): string =>
  kinds.length === 0 ? expected : kinds.map((kind) => expectations[kind]).join("，或")

const addressText = (flaw: BaseUrl.Flaw): string => {
  switch (flaw._tag) {
    case "NotUrl":
      return `不是 URL：“${flaw.shown}”`
    case "Invisible":
      return `含有看不见的字符（${flaw.code}）：“${flaw.shown}”`
    case "Scheme":
      return `要以 http:// 或 https:// 开头，写的却是“${flaw.scheme}”`
    case "Credentials":
      return "不能带用户名和密码：key 请写在 `keys` 里"
    case "Fragment":
      return "不能带片段（#…）：它不会被发送"
  }
}

/** Where a command reads the configuration, it reads the `.env` beside it, too. */
const spoken: Problem.Texts = {
  ...Problem.english,
  NoFile: (problem) => Problem.english.NoFile(problem).replace("understudy init", `${CalledAs.here()} init`),
  UnsetVariable: ({ name }) =>
    `environment variable ${name} is not set. Set it (the .env beside the configuration will do), or give a default: \${${name}:-…}`
}

/** Mistakes in YAML by the parser's names. */
const mistakes: Readonly<Record<string, string>> = {
  BAD_ALIAS: "以 * 或 & 开头的文本要加引号",
  BAD_DQ_ESCAPE: "双引号里没有这种转义，反斜杠要写成 \\\\",
  BAD_INDENT: "缩进没有对齐，或括号没有配对",
  BAD_SCALAR_START: "以这个字符开头的文本要加引号",
  BLOCK_AS_IMPLICIT_KEY: "含冒号的文本要加引号",
  DUPLICATE_KEY: "同一个键写了两次",
  MISSING_CHAR: "缺少引号、括号、逗号、冒号或空格",
  MULTILINE_IMPLICIT_KEY: "是不是少了冒号？全角冒号（：）不算",
  MULTIPLE_DOCS: "一个文件只能有一份配置，不能再有 ---",
  TAB_AS_INDENT: "缩进不能用制表符（Tab）",
  UNEXPECTED_TOKEN: "这里不该有这个内容"
}

/** Between Chinese and what begins with a Latin letter or a digit stands a space. */
const spaced = (text: string): string => (/^[\x21-\x7e]/.test(text) ? ` ${text}` : text)

const chinese: Problem.Texts = {
  NotYaml: ({ code, detail }) => {
    const told = code === undefined ? undefined : mistakes[code]
    return told === undefined ? `YAML 有误，解析器的原话：${detail}` : `YAML 有误：${told}（${detail}）`
  },
  UnknownAlias: ({ name }) => `*${name} 没有所指：前面没有 &${name}。以 * 开头的文本要加引号`,
  UnquotedVariable: ({ name }) => `在 [ ] 和 { } 里，变量要加引号："\${${name}}"`,
  BadVariable: () => `里面的变量写法不对：请写成 \${NAME} 或 \${NAME:-默认值}，要写美元符号本身则用 $$`,
  EmptyFile: () => "文件是空的：运行 `understudy init` 生成一份",
  AliasOfItself: ({ name }) => `*${name} 引用了包含它自己的内容：请直接写出来`,
  UnsetVariable: ({ name }) =>
    `环境变量 ${name} 没有设置。请设置它（也可写进配置旁边的 .env），或给出默认值：\${${name}:-…}`,
  NoFile: (problem) =>
    `文件不存在（${whence[problem.whence]}）。运行 \`${CalledAs.here()} init\` 生成一份，或用 --config 指定别的文件`,
  UnreadableFile: ({ code }) => `无法读取（${code}）`,
  Missing: () => "缺少这一项",
  UnknownSetting: ({ known, meant }) =>
    meant === undefined
      ? `这里没有这个配置项。可用的有：${listed(known)}`
      : `这里没有这个配置项，是不是想写“${meant}”？`,
  Unexpected: (problem) => `应为${spaced(expectedText(problem))}${gotText(problem.got)}`,
  NotOneOf: ({ allowed, got, meant }) => `应为 ${allowed.join(" | ")}${gotText(got)}${didYouMean(meant)}`,
  NoProvider: () => "至少要有一个厂商",
  NoRoute: () => "至少要有一条路由，否则没有模型可以请求",
  NoAddress: ({ type }) => `缺少这一项：类型为 ${type} 的厂商没有默认地址`,
  NoKey: ({ type }) => `至少要有一个 key：${type} 不接受没有 key 的请求`,
  BadAddress: ({ flaw }) => `地址不能用：${addressText(flaw)}`,
  NotUtf8: () => "文件是 UTF-16 编码：请另存为 UTF-8",
  BadKey: ({ at, code, kind, nth }) =>
    `${nth === undefined ? "" : `其中第 ${nth} 个 key `}在第 ${at} 个字符之后有${kinds[kind]}（${code}），key 里不会有它：请重新复制这个 key`,
  BadProxy: ({ flaw }) =>
    `${flaw._tag === "NotProxy" ? "不是代理的 URL，应类似 http://127.0.0.1:3128" : `要以 http://、https:// 或 socks5:// 开头，写的却是“${flaw.scheme}”`}；写 \`none\` 表示不走环境变量里的代理`,
  NoCertificateFile: ({ code, file }) => `无法读取 ${file}（${code}）`,
  NoCertificate: ({ file }) => `${file === undefined ? "其中" : `${file} 里`}没有 PEM 格式的证书`,
  BadPattern: ({ detail }) => `正则表达式有误：${detail}`,
  NotOneMatch: ({ given }) => `exact、prefix、regex 三者须写且只写一个，现有：${listed(given)}`,
  UnknownProvider: ({ known, meant, name }) => `没有名为“${name}”的厂商。已配置：${listed(known)}${didYouMean(meant)}`,
  UnknownRoute: ({ known, meant, name }) => `没有名为“${name}”的路由。已有路由：${listed(known)}${didYouMean(meant)}`,
  UnknownOverride: ({ meant, reasons }) =>
    `既不是失败原因，也不是状态码（"429"）或状态类别（"4xx"）。原因有：${listed(reasons)}${didYouMean(meant)}`,
  Twice: ({ what }) => (what === "name" ? "这个名称出现了两次" : "其中有 key 出现了两次"),
  BadHash: () => "sha256: 后面须是 64 位十六进制数字",
  NoRouteForModel: ({ model, routes }) => `没有路由接收“${model}”。已有路由：${listed(routes)}`
}

/** Messages about configurations. */
export const config = define<{
  readonly texts: Problem.Texts
  readonly problems: (source: string, count: number) => string
  readonly warning: string
}>({
  en: {
    texts: spoken,
    problems: (source, count) => `${source}: ${count === 1 ? "1 problem" : `${count} problems`}`,
    warning: "warning"
  },
  zh: {
    texts: chinese,
    problems: (source, count) => `${source}：${count} 处问题`,
    warning: "注意"
  }
})
