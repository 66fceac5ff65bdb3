/** What `lab record` and `lab drift` say, and the descriptions of their flags. */
import { define } from "./define.ts"

/** Messages about recordings of real vendors. */
export const labRecord = define({
  en: {
    record: "Record what the real vendors answer",
    drift: "Say where recorded vendors and the mocks differ",
    cassette: "A cassette that `lab record` wrote",
    recordings: "Play the answers of this cassette, which `lab record` wrote",
    played: "Recordings",
    baseUrl: (url: string) => `Another base URL than ${url}`,
    out: "File to write; it must not exist yet",
    keepText: "Keep what the models say (otherwise placeholders of the same length)",
    keepPrompts: "Keep the bodies of requests (otherwise only their options and a hash)",
    example: "A cassette per day",
    rules:
      "Ask the vendors whose keys are in the environment what the mocks' table of rules says of them, then end; most is refused and free, the rest is few tokens",
    rulesExample: "Does the table of rules still hold?",
    noKeys: (variables: ReadonlyArray<string>) =>
      `There is no key to ask the rules with: set ${variables.join(", ")}, one of them at least.`,
    asking: (vendors: ReadonlyArray<string>) => `Asking ${vendors.join(", ")} what the table of rules says of them …`,
    file: "Cassette",
    kept: "Kept",
    secrets: "no keys, no cookies, no ids of requests or accounts",
    withText: "what the models say",
    withoutText: "placeholders for what the models say; --keep-text keeps it",
    withPrompts: "what is asked",
    withoutPrompts: "not what is asked, only its options and a hash; --keep-prompts keeps it",
    howTo:
      "Give a client one of these base URLs and your own key. Every call costs what it costs without the recorder:",
    frames: (count: number) => `${count} frame${count === 1 ? "" : "s"}`,
    brokenOff: "the client left",
    ends: (end: string) => `broke off (${end})`,
    skipped: (why: string) => `not recorded: ${why}`,
    exists: (file: string) => `${file} exists already: name another file with --out, or remove it.`,
    cannotWrite: (file: string, why: string) => `${file} cannot be written (${why}): name another file with --out.`,
    nothing: "Nothing was recorded, and no file written.",
    written: (count: number, file: string, command: string) =>
      `${count} exchange${count === 1 ? "" : "s"} in ${file}
  ${command} lab drift ${file}
  ${command} mock serve --recordings ${file}`
  },
  zh: {
    record: "录制真实厂商的答复",
    drift: "指出录制的厂商与模拟厂商有何不同",
    cassette: "`lab record` 写出的录制文件",
    recordings: "播放这个录制文件（由 `lab record` 写出）里的答复",
    played: "录制",
    baseUrl: (url) => `不用 ${url}，换一个 base URL`,
    out: "写入的文件，必须尚不存在",
    keepText: "保留模型所说的内容（否则换成等长的占位文字）",
    keepPrompts: "保留请求正文（否则只留选项和散列值）",
    example: "每天录一个文件",
    rules: "向环境变量里有 key 的厂商逐条发出规则表里的请求，问完即结束；多数会被拒绝、不收费，其余只用少量 token",
    rulesExample: "规则表是否仍然成立",
    noKeys: (variables) => `没有可用来验证规则的 key：请至少设置 ${variables.join("、")} 中的一个。`,
    asking: (vendors) => `正在按规则表逐条询问 ${vendors.join("、")} ……`,
    file: "录制文件",
    kept: "保留内容",
    secrets: "不含 key、cookie、请求 ID 和账号 ID",
    withText: "模型所说的内容",
    withoutText: "模型所说的内容换成占位文字；--keep-text 可保留",
    withPrompts: "请求正文",
    withoutPrompts: "不含请求正文，只有选项和散列值；--keep-prompts 可保留",
    howTo: "把客户端的 base URL 换成上面的地址，key 用自己的。经过录制，费用与直接调用相同：",
    frames: (count) => `${count} 帧`,
    brokenOff: "客户端已离开",
    ends: (end) => `中断（${end}）`,
    skipped: (why) => `未录制：${why}`,
    exists: (file) => `${file} 已存在：请用 --out 换一个文件，或先删除它。`,
    cannotWrite: (file, why) => `无法写入 ${file}（${why}）：请用 --out 换一个文件。`,
    nothing: "什么也没有录到，没有写文件。",
    written: (count, file, command) =>
      `已录 ${count} 次，写入 ${file}
  ${command} lab drift ${file}
  ${command} mock serve --recordings ${file}`
  }
})
