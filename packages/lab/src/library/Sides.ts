/** What the library has to know of each vendor of the standard setting. */
import type { StandardVendor } from "../scenario/Standard.ts"
import { lesson, type Side, steady } from "./Recipe.ts"

/** The sides of the vendors. */
export const sides: Readonly<Record<StandardVendor, Side>> = {
  qwen: {
    vendor: "qwen",
    other: "deepseek",
    label: "Qwen",
    otherLabel: "DeepSeek",
    model: "qwen-plus",
    thinker: "qwq-32b",
    seer: "qwen3-vl-plus",
    otherSeer: "deepseek-flash",
    first: "qwen-1",
    second: "qwen-2",
    lessons: {
      arrears: lesson(
        "Arrears at Qwen are an HTTP 400 (Arrearage): only its code tells them from a bad request. Another account goes on.",
        "Qwen 的欠费是 HTTP 400（Arrearage），只有错误码能把它和参数错误区分开：换另一个账号继续。"
      ),
      tokens: lesson(
        "Qwen calls its tokens-per-minute limit insufficient_quota: with 429 it passes within a minute and is no empty account.",
        "Qwen 的 TPM 限流也叫 insufficient_quota：配 429 时一分钟内就会恢复，并不是账号没钱了。"
      ),
      overload: lesson(
        "Qwen is overloaded and says so with a 500 whose body says 503: one try more, then the other vendor.",
        "Qwen 过载时返回 500，响应体里才写着 503：再试一次，然后换另一家。"
      )
    },
    inputRefusals: [
      { name: "as JSON", stream: false },
      { name: "as an event", stream: true, shape: "sse" }
    ],
    malformed: {},
    mismatch: (side) => ({
      teaches: lesson(
        "qwq-32b answers only as a stream: whoever asks for JSON wants the stream folded, not a 400.",
        "qwq-32b 只支持流式：调用方要 JSON，就该把流拼好再给，而不是甩回一个 400。"
      ),
      traffic: steady(side, { model: side.thinker }),
      expect: { attemptsPerCall: 1 }
    })
  },
  deepseek: {
    vendor: "deepseek",
    other: "qwen",
    label: "DeepSeek",
    otherLabel: "Qwen",
    model: "deepseek-flash",
    thinker: "deepseek-v4-pro",
    seer: "deepseek-flash",
    otherSeer: "qwen3-vl-plus",
    first: "deepseek-1",
    second: "deepseek-2",
    lessons: {
      arrears: lesson(
        "The balance is gone (402): the account's keys are of no use until somebody pays. Another account goes on.",
        "余额耗尽（402）：充值之前这个账号的 Key 都没有用，换另一个账号继续。"
      ),
      tokens: lesson(
        "Tokens per minute are used up: a wait, or another account, and no reason to drop the key.",
        "每分钟 Token 数用满：等一等或换账号即可，没有理由摘除 Key。"
      ),
      overload: lesson(
        "DeepSeek is overloaded (503): one try more, then the other vendor.",
        "DeepSeek 过载（503）：再试一次，然后换另一家。"
      )
    },
    inputRefusals: [{}],
    // Its usual words are about a role, which another vendor may know.
    malformed: { message: "Failed to parse the request body as JSON: EOF while parsing a value at line 1 column 0" },
    mismatch: (side) => ({
      teaches: lesson(
        "DeepSeek wants reasoning_content passed back and says so with a 400: no key and no retry helps there, the next target takes the request as it is.",
        "DeepSeek 要求把 reasoning_content 传回去，否则返回 400：换 Key、重试都没用，下一个目标照样能答。"
      ),
      faults: [{ kind: "mode.mismatch", vendor: side.vendor }],
      traffic: steady(side, { model: side.thinker, for: "2m" }),
      expect: { attemptsPerCall: 2 }
    })
  }
}
