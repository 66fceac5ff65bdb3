/**
 * How Zhipu says no (docs.bigmodel.cn/cn/api/api-code, docs.z.ai/api-reference/api-code). The code decides, four digits in a text:
 * messages are Chinese at one of its hosts and English at the other, and arrears, limits and overload are all 429.
 */
import type { ErrorRow } from "../ErrorRow.ts"

/** The rows, before those that hold for every server. Windows of hours and days are used up like money. */
export const rows: ReadonlyArray<ErrorRow> = [
  { code: /^(111[0-2]|1121)$/, status: 429, reason: "Unauthorized" },
  { code: /^(1113|1304|1308|1309|1310|1313|131[6-9]|132[01])$/, reason: "BalanceExhausted" },
  { code: /^(1220|1311)$/, reason: "PermissionDenied" },
  { code: /^(1211|1221|1222)$/, reason: "ModelNotFound" },
  { code: /^(1200|1230|1234)$/, reason: "ServerFailed" },
  { code: /^1261$/, reason: "ContextTooLong" },
  { code: /^1301$/, reason: "ContentFiltered" },
  { code: /^(1305|1312)$/, reason: "Overloaded" },
  { code: /^(1302|1303)$/, reason: "RateLimited" },
  { status: 434, reason: "PermissionDenied" }
]
