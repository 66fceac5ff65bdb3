/** Zhipu's error catalogue as its Chinese host has it: one row per recipe, a code of four digits in each, and no type. */
import * as ErrorPage from "../ErrorPage.ts"
import type { Details, ErrorReply, Refusal } from "../Personality.ts"

type Row = readonly [status: number, code: string, message: string | ((details: Details) => string)]

const bad = (message: Row[2], code = "1210"): Row => [400, code, message]

const rows: Readonly<Record<string, Row>> = {
  "auth.invalid": [401, "1000", "身份验证失败。"],
  "auth.missing": [401, "1001", "Header中未收到Authentication参数，无法进行身份验证。"],
  "billing.exhausted": [429, "1113", "余额不足或无可用资源包,请充值。"],
  "rate.limit": [429, "1302", "您的账户已达到速率限制，请您控制请求频率"],
  "rate.tokens": [429, "1303", "您当前使用该API的频率过高，请降低频率，或联系客服增加限额。"],
  "overload.fast": [429, "1305", "该模型当前访问量过大，请您稍后再试"],
  "content.input": bad(
    "系统检测到输入或生成内容可能包含不安全或敏感内容，请您避免输入易产生敏感内容的提示语，感谢您的配合。",
    "1301"
  ),
  "model.gone": bad("模型不存在，请检查模型代码。", "1211"),
  "mode.mismatch": bad("当前模型不支持关闭思考模式。"),
  "request.invalid": bad(({ why = "API 调用参数有误，请检查文档。" }) => String(why)),
  "request.malformed": bad(({ why = "messages" }) => `输入不能为空或格式错误：${why}`, "1214"),
  "request.notJson": bad("请求体不是合法的 JSON。", "1214"),
  "request.maxTokens": bad(({ limit = 0 }) => `max_tokens 的取值范围为 [1, ${limit}]`),
  "request.role": bad(({ role = "person" }) => `角色信息不正确：${role}`, "1214"),
  "request.tools": bad("messages 参数非法：tool 消息须紧跟对应的 tool_calls。", "1214"),
  "request.tooLong": bad("Prompt 超长", "1261"),
  "request.tooLarge": [413, "1210", "请求体过大。"],
  "server.error": [500, "500", "内部错误"]
}

const edge = ErrorPage.of("nginx")

/** The response of a recipe. */
export const reply = ({ recipe, details }: Refusal): ErrorReply => {
  const known = edge[recipe]
  if (known !== undefined) return known
  const [status, code, words] = rows[recipe] ?? bad(recipe)
  const message = String(details["message"] ?? (typeof words === "string" ? words : words(details)))
  return { status, type: "application/json; charset=UTF-8", body: JSON.stringify({ error: { code, message } }) }
}
