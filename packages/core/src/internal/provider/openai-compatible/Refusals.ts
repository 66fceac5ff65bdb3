/**
 * Numbers and names by which vendors behind this provider type tell their errors apart. Their messages come in several
 * languages, and their statuses mislead (arrears as 429, 500 or 200), so the code decides. A number that two vendors use for
 * different things has the status beside it that one of them sends.
 *
 * Sources: volcengine.com/docs/82379/1299023, platform.minimax.io errorcode,
 * cloud.tencent.com/document/product/1823/131595, cloud.baidu.com/doc/qianfan-api,
 * openrouter.ai/docs/api/reference/errors-and-debugging; captures in public threads where the pages are silent.
 */
import type { ErrorRow } from "../ErrorRow.ts"
import * as Zhipu from "../zhipu/Refusals.ts"

/** PascalCase. `InvalidParameter` stands for too long as well: its words decide. */
const ark: ReadonlyArray<ErrorRow> = [
  {
    code: /^(AccountOverdue(Error)?|ServiceOverdue|SetLimitExceeded|(Account)?QuotaExceeded)$/,
    reason: "BalanceExhausted"
  },
  { code: /^(AccessDenied|OperationDenied)/, status: 403, reason: "PermissionDenied" },
  { code: /^InvalidEndpoint(OrModel)?\.|^ModelNotOpen$/, reason: "ModelNotFound" },
  { code: /SensitiveContentDetected|RiskDetection/, reason: "ContentFiltered" },
  { code: /RateLimitExceeded|^RequestBurstTooFast$/, reason: "RateLimited" },
  { code: /^ServerOverloaded$/, reason: "Overloaded" }
]

/** The number at the end of the message is the stable part; in `base_resp` it is the code. */
const minimax: ReadonlyArray<ErrorRow> = [
  { message: /\((1008|2056)\)$/, reason: "BalanceExhausted" },
  { message: /\((1004|2049)\)$/, reason: "Unauthorized" },
  { message: /\((1002|1039|1041|2045)\)$/, reason: "RateLimited" },
  { message: /\((1026|1027)\)$/, reason: "ContentFiltered" },
  { code: /^(1008|2056)$/, reason: "BalanceExhausted" },
  { code: /^(1004|2049)$/, reason: "Unauthorized" },
  { status: "2xx", code: /^(1002|1039|1041|2045)$/, reason: "RateLimited" },
  { code: /^(1026|1027)$/, reason: "ContentFiltered" },
  { status: "2xx", code: /^2013$/, message: /context window exceeds/i, reason: "ContextTooLong" },
  { status: "2xx", code: /^2013$/, reason: "InvalidRequest" }
]

const others: ReadonlyArray<ErrorRow> = [
  // Model Studio's limit of a minute goes by a code that is elsewhere said of money; its windows of hours say so.
  {
    status: 429,
    code: /^insufficient_quota$/,
    message: /^allocated quota exceeded|aliyun\.com|alibabacloud\.com/i,
    reason: "RateLimited"
  },
  // Credits that are only reserved by calls under way come back.
  { status: 402, message: /in_flight_budget/, reason: "RateLimited" },
  { status: 403, message: /requires moderation/i, reason: "ContentFiltered" },
  // SiliconFlow.
  { code: /^30001$/, reason: "BalanceExhausted" },
  { code: /^30014$/, reason: "Unauthorized" },
  { code: /^(20012|30003)$/, reason: "ModelNotFound" },
  { code: /^50505$/, reason: "Overloaded" },
  // Tencent TokenHub; Baidu Qianfan.
  { code: /^(401007|401008|403004)$/, reason: "BalanceExhausted" },
  { code: /^401002$|^invalid_iam_token$/, reason: "Unauthorized" },
  { code: /^coding_plan_\w+_quota_exceeded$/, reason: "BalanceExhausted" },
  { code: /^429001$|^(rpm|tpm|input_tpm|output_tpm|preemptible)_rate_limit_exceeded$/, reason: "RateLimited" },
  { code: /^451001$|^(unsafe_request|\w+_unsafe)$/, reason: "ContentFiltered" },
  // Mistral.
  { status: 429, code: /^3505$/, reason: "Overloaded" },
  { status: 400, code: /^3051$/, reason: "ContextTooLong" }
]

/** The rows, before those that hold for every server. */
export const rows: ReadonlyArray<ErrorRow> = [...Zhipu.rows, ...ark, ...minimax, ...others]
