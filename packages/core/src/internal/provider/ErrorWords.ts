/**
 * What servers say in words, where their codes say nothing: patterns without case or anchor, for wrappers put `400 `,
 * `Invalid request: ` or a whole exception in front. Each list belongs to one reason; `ErrorTable` has their order.
 *
 * **Gotchas**
 *
 * Errors repeat what the caller sent, and a prompt may speak of balances and limits. Prose in quotes is therefore taken out
 * before anything is matched, except where it is itself the message of an error; an HTML page has no words at all. What a
 * server repeats without quotes cannot be told from its own words: the patterns that cost a key want the start of a sentence.
 */
import type { ErrorBody } from "./ErrorBody.ts"
import type { ErrorRow, StatusMatch } from "./ErrorRow.ts"

/** Characters of an error that are looked through. */
const maxLength = 4_096

const quoted = /"[^"]*"|`[^`]*`|“[^”]*”|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu
const introducesMessage = /(message|msg|error|detail|description|raw)\W{0,4}b?$/i

/** Names stay, and so does an error within the error; prose goes. */
const withoutQuotes = (given: string): string =>
  given.replace(quoted, (quote: string, offset: number, whole: string) => {
    const inner = quote.slice(1, -1)
    const isKept =
      !/\s/.test(inner) ||
      /^\s*[{[]/.test(inner) ||
      introducesMessage.test(whole.slice(Math.max(0, offset - 20), offset))
    return isKept ? quote : '""'
  })

const isPage = /^\s*<(!doctype|html|head|body|\?xml)/i

/** The words that an error is told by. */
export const of = ({ detail = "", message }: ErrorBody): string => {
  const own = isPage.test(message) ? "" : withoutQuotes(message.slice(0, maxLength))
  return detail === "" ? own : `${own}\n${withoutQuotes(detail.slice(0, maxLength))}`
}

const rows = (
  reason: ErrorRow["reason"],
  status: ReadonlyArray<StatusMatch>,
  ...messages: ReadonlyArray<RegExp>
): ReadonlyArray<ErrorRow> => messages.map((message) => ({ status, message, reason }))

/** Money comes as nearly any status: 400, 402, 403, 429, 500 and 200 have been seen. */
export const money: ReadonlyArray<ErrorRow> = rows(
  "BalanceExhausted",
  ["4xx", 500, "2xx"],
  // In quotes it may be a name of the caller's: a field of a schema.
  /insufficient (account )?(balance|credits?|funds)|(?<!['"`])insufficient_(balance|credits?|funds)/i,
  /not[ _]enough[ _](balance|credits?|funds|points)/i,
  /balance[^.\n]{0,20} (too low|insufficient|not enough|negative|depleted|exhausted|used up)/i,
  /credits?[^.\n]{0,20} (depleted|exhausted|used up)|(used|out of|have any) (all )?(available )?credits/i,
  /\bbudget (has been |is )?exceeded|exceeded ?budget|over budget\b/i,
  /(monthly spending|spending|billing( hard)?|set inference) (limit|cap)\b|\bkey limit exceeded/i,
  /please recharge|no resource package|in arrears|overdue (payment|balance)|account[^.\n]{0,30} overdue|suspended due to/i,
  /account is (not active|in good standing)/i,
  /payment (is )?required|quota is not enough/i,
  /free[ _](tier|quota|trial|credits?)[^.\n]{0,40}[ _](exhausted|used up|ended|expired)/i,
  // Windows of hours, days and plans: asking again in a minute is of no use.
  /\b(hour|day|week|month)(ly)? (allocated )?quota exceeded|today's quota|out of call volume quota/i,
  /\b(reached|hit|exceeded)\b[^.\n]{0,40} usage (limit|quota)s?(?!.*\bper (second|min))/i,
  /\busage (limit|quota)s?( has been| is)? (reached|exceeded)(?!.*\bper (second|min))/i,
  /余额不足|余额已|欠费|请充值|资源包|额度(已)?(用尽|用完|耗尽|不足|失败)/
)

/** Overload comes as 429 and as 400 too, and inside a 200. */
export const overload: ReadonlyArray<ErrorRow> = rows(
  "Overloaded",
  [400, 403, 429, 500, "2xx"],
  /overloaded|(at|over|exceeds?|out of) (max(imum)? |full )?capacity|capacity (exceeded|limits?)/i,
  /(server|service|system|model|engine)[^.\n]{0,20} busy|(high|heavy) (demand|load|traffic)|temporarily unavailable/i,
  /访问量过大|负载(过高|已饱和|较高)|(服务|系统|模型)[^。\n]{0,8}(繁忙|过载)/
)

/** Limits of a time, where the status is not 429. They speak of sizes as well: "request too large … tokens per minute". */
export const rates: ReadonlyArray<ErrorRow> = rows(
  "RateLimited",
  [400, 403, 413, 422, 500, "2xx"],
  /rate[ -]?limit|too many requests|throttl/i,
  /(tokens?|requests?|queries|calls) per (second|min(ute)?|hour|day)\b|\b(TPM|RPM|TPD|RPD|QPS|QPM)\b/i,
  /exceeded[^.\n]{0,30} quota|quota[^.\n]{0,30} (exceeded|exhausted|reached)|\bdaily[^.\n]{0,20} limit\b/i,
  /限流|速率限制|请求(过于|太)?频繁|频率(过高|超限|限制)|并发(数)?(过高|超)/
)

const sentence = "(?:^|[\\n.:;>)\\]–-]\\s*)"

/** A wrong key as 400 or 403. The key is taken out for it, so the sentence has to begin with it. */
export const credentials: ReadonlyArray<ErrorRow> = rows(
  "Unauthorized",
  [400, 403, 422, 500, "2xx"],
  new RegExp(
    `${sentence}((the|your|this) )?(provided )?(api[ _-]?key|x-api-key|access token)( provided)?( is| has| was)?:? (not (valid|found)|invalid|incorrect|expired|revoked|disabled|suspended|blocked|reported as|been|currently blocked)`,
    "i"
  ),
  new RegExp(
    `${sentence}(incorrect|invalid|expired|missing|unknown) (api[ _-]?key|x-api-key|api token|access token|authentication credentials)`,
    "i"
  ),
  // Whoever owns the key is shut out.
  new RegExp(
    `${sentence}((the|your|this) )?(organization|account|team|user)( \\S{1,60})? (has been|is|was) (disabled|restricted|suspended|deactivated|terminated|banned|blocked)`,
    "i"
  ),
  /\b(API_KEY_INVALID|INVALID_API_KEY)\b|\bCONSUMER_SUSPENDED\b|^authentication (fail|error)/i,
  /security token included in the request is (invalid|expired)/i,
  /(身份验证|鉴权|认证)失败|令牌(无效|过期|已失效)|(api ?key|密钥)[^。\n]{0,6}(无效|错误|过期)/i
)

/** The content itself is refused. */
export const contents: ReadonlyArray<ErrorRow> = rows(
  "ContentFiltered",
  [400, 403, 422, 451, "2xx"],
  /content exists risk|considered high risk|safety system|\b(was|were|been) flagged/i,
  /content (management|filter|policy|safety)|violat\w*[^.\n]{0,40} polic/i,
  /(?<!case[- ])(sensitive|inappropriate|unsafe|harmful|prohibited) (content|information|words?|material)/i,
  /(?<!大小写)敏感|违规|不合规|内容安全|不当内容/
)

/** Longer than the model takes. Never of a 429, and after what speaks of a minute. */
export const contexts: ReadonlyArray<ErrorRow> = rows(
  "ContextTooLong",
  [400, 413, 422, 500, "2xx"],
  /\bmax(imum)? (supported |allowed |number of )?(context|prompt|model|sequence|input) (length|window|size|tokens)/i,
  /\b(exceed(s|ed|ing)?|(longer|larger|greater) than)\b[^.\n]{0,60}(?<!output |completion )\b(context|prompt|token|input)[ _-]?(length|window|size|limit|count)/i,
  /(?<!invalid )\b(context|prompt|input)\b(?![^.\n]*\b(image|audio|video|file)\b)[^.:;\n]{0,60}\b(exceed(s|ed)?|too (long|large)|longer than)\b/i,
  /(?<!output |completion )\btokens? (limit|length|count) (is )?(exceed(s|ed)?|too (long|large))|too many (input |prompt )?tokens/i,
  /reduce (the|your) (length|prompt|input|messages|number of tokens|size of)|shorten (the|your) (prompt|input|messages)/i,
  /\b(prompt|context)( length)? \d* ?is (greater|larger) than\b|\bmax_(seq|model)_len\b|expected maxLength: \d{4}/i,
  /\b(messages|conversation|chat history)( (is|are))? (exceed|too (long|large))|max tokens of \d+ exceeded/i,
  /range of input length should be|exceed max message tokens|max input characters|characters too long/i,
  /prompt_tokens[^.\n]{0,30} (less|lower|smaller) than|inputs`? (tokens \+|must have less than)/i,
  /too large to process|context_length_exceeded|ContextWindowExceeded|context shift is disabled/i,
  /\bcontext (length|window|size) (is|of) (only )?\d/i,
  /(上下文|输入|提示词|prompt|tokens?)[^。；\n]{0,12}(过长|超长|超出|超过)|超(出|过)[^。；\n]{0,12}(上下文|输入长度|token)/i
)

/** The server's own mishap, told as the caller's mistake. */
export const failures: ReadonlyArray<ErrorRow> = rows(
  "ServerFailed",
  [400, 404, 422, "2xx"],
  /model (has )?crashed|failed to load model|model load(ing)? (was )?(aborted|failed)|insufficient system resources/i
)

/** The model is not there. */
export const models: ReadonlyArray<ErrorRow> = rows(
  "ModelNotFound",
  [400, 422, 500, "2xx"],
  /\bmodel\b[^.\n]{0,120} (does(n't| not) exist|not exist|not found|not available|no longer (available|exists|supported)|(has been|is|was) (retired|deprecated|removed|decommissioned|discontinued|shut ?down|disabled))/i,
  /(unsupported|unknown|no such|invalid|unavailable) model\b|not a valid model|model names? (is|are) |no endpoints found for/i,
  /model (identifier|id|name) is invalid|unable to access \S+ model|\bmodel\b[^.\n]{0,80} has no provider|^model disabled/i,
  /模型[^。\n]{0,40}不存在|(不存在|未找到)[^。\n]{0,12}模型/
)

/** The target cannot take it: a kind of content, tools, a role, a value, a parameter. Another one may. */
export const abilities: ReadonlyArray<ErrorRow> = rows(
  "Unsuited",
  [400, 404, 415, 422, 500, 501, "2xx"],
  /(\bnot|n['’]t)( \w+){0,2} support(s|ed|ing)?\b|\bunsupported\b|\bonly supports?\b|\bonly supported\b/i,
  /no endpoints found that support|not (currently )?enabled for|(multi-?modal|vision) model|text-only|at most 0 (image|audio|video)/i,
  /unknown variant|unexpected item type|unknown name\b.*cannot find field|should be 'text'|value must be a string|response_format\.type\S* must be/i,
  /\bis not one of \[|supported (string )?values\b|should be 'system'|role\b[^.\n]{0,30} (must|should) be one of|roles must alternate|system message must be (at the beginning|(the )?first)/i,
  /(unknown|unexpected|invalid|unrecognized) (message )?role\b/i,
  /extra inputs are not permitted|unrecognized request argument|unknown (parameter|field|argument)|additional properties are not allowed/i,
  /incompatible with|restricted to (true|false)|must be set to (true|false) for|deprecated for this model|(allowed|specified) for this model|does not work with the specified model|only text\b/i,
  /response_format type is unavailable|does(n't| not) have (a )?(vision|image|audio|tool)/i,
  /requires? --|requires --jinja/i,
  /missing `?reasoning_content|reasoning_content`?[^.\n]{0,60} (must be|is missing|is required)/i,
  /不支持/
)
