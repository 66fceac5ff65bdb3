/** What DeepSeek does and others do not, with sources. */
import { called, demanded, lookup, picture, type Rule, result, schema, user } from "../Rule.ts"

const flash = "deepseek-flash"
const pro = "deepseek-v4-pro"
const tools = [lookup]
const off = { thinking: { type: "disabled" } }
const weather = user("Which city is it? Look it up.")

/** The rules. */
export const rules: ReadonlyArray<Rule> = [
  {
    name: "thinks-by-default",
    about: "Models of today think unless they are told not to.",
    request: { model: flash, max_tokens: 200 },
    ...{ status: 200, answer: '"reasoning_content":"' },
    source: "api-docs.deepseek.com/guides/thinking_mode, /quick_start/pricing"
  },
  {
    name: "thinking-disabled",
    about: '`thinking: { type: "disabled" }` switches it off, on either model.',
    request: { model: pro, ...off, max_tokens: 40 },
    ...{ status: 200, answer: '"content":"', lacks: '"reasoning_content":"' },
    source: "api-docs.deepseek.com/guides/thinking_mode"
  },
  {
    name: "older-names-of-today",
    about: "Names that are no longer listed are answered all the same, by the newest model.",
    request: { model: "deepseek-v4-flash-vision-exp", ...off, max_tokens: 40 },
    ...{ status: 200, answer: '"object":"chat.completion"' },
    source: "api-docs.deepseek.com/quick_start/pricing, note 1"
  },
  {
    name: "retired-name",
    about: "Names that were retired on 2026-07-24 are refused like any other that does not exist: a 400, not a 404.",
    request: { model: "deepseek-chat" },
    ...{ status: 400, answer: "The supported API model names are " },
    source: "api-docs.deepseek.com/updates"
  },
  {
    name: "thinking-refuses-required",
    about: "A model that thinks cannot be made to call a tool.",
    request: { model: flash, messages: [weather], tools, tool_choice: "required" },
    ...{ status: 400, answer: "Thinking mode does not support this tool_choice" },
    source: "deepseek-ai/DeepSeek-V3#1376, BerriAI/litellm#37470"
  },
  {
    name: "thinking-refuses-named",
    about: "Nor to call a certain one.",
    request: { model: pro, messages: [weather], tools, tool_choice: demanded },
    ...{ status: 400, answer: "Thinking mode does not support this tool_choice" },
    source: "deepseek-ai/DeepSeek-V3#1376, BerriAI/litellm#37470"
  },
  {
    name: "required-without-thinking",
    about: "One that does not think can.",
    request: { model: flash, messages: [weather], tools, tool_choice: "required", ...off, max_tokens: 60 },
    ...{ status: 200, answer: '"tool_calls":[' },
    source: "BerriAI/litellm#37470",
    confidence: "medium"
  },
  {
    name: "reasoning-passed-back",
    about: "Once a tool was called, a model that thinks wants its `reasoning_content` back.",
    request: { model: flash, messages: [weather, called(), result], tools },
    ...{ status: 400, answer: "The `reasoning_content` in the thinking mode must be passed back to the API." },
    source: "api-docs.deepseek.com/guides/thinking_mode"
  },
  {
    name: "reasoning-may-be-empty",
    about: "An empty one will do.",
    request: {
      model: flash,
      messages: [weather, called("{}", { reasoning_content: "" }), result],
      tools,
      max_tokens: 200
    },
    ...{ status: 200, answer: '"object":"chat.completion"' },
    source: "earendil-works/pi, openai-completions.js of 1.6.0",
    confidence: "medium"
  },
  {
    name: "result-without-call",
    about: "A tool's message answers a call before it.",
    request: { model: flash, messages: [weather, result], ...off },
    ...{ status: 400, answer: "Messages with role 'tool' must be a response to a preceding message with 'tool_calls'" },
    source: "qwersyk/Newelle#425"
  },
  {
    name: "call-without-result",
    about: "Every call has its result before anything else is said.",
    request: { model: flash, messages: [weather, called(), user("And?")], ...off },
    ...{ status: 400, answer: "(insufficient tool messages following tool_calls message)" },
    source: "gptme/gptme#3421, zed-industries/zed#51944"
  },
  {
    name: "role-developer",
    about: "The role `developer` is none.",
    request: { model: flash, messages: [{ role: "developer", content: "Be brief." }, user()] },
    ...{ status: 400, answer: "messages[0].role: unknown variant `developer`, expected one of `system`, `user`" },
    source: "earendil-works/pi#1048, BenedictKing/ccx#149"
  },
  {
    name: "images-refused",
    about: "A model that does not see refuses images when it reads the request.",
    request: { model: pro, messages: [user([picture])] },
    ...{ status: 400, answer: "messages[0]: unknown variant `image_url`, expected `text`" },
    source: "yilewang/llm-for-zotero#143, rikkahub/rikkahub#1433"
  },
  {
    name: "images-seen",
    about: "`deepseek-flash` sees.",
    request: {
      model: flash,
      messages: [user([{ type: "text", text: "What is it?" }, picture])],
      ...off,
      max_tokens: 40
    },
    ...{ status: 200, answer: '"object":"chat.completion"' },
    source: "api-docs.deepseek.com/quick_start/pricing"
  },
  {
    name: "no-schemas",
    about: "No model takes a schema for its answer.",
    request: { model: flash, messages: [user("Name a city as JSON.")], response_format: schema, ...off },
    ...{ status: 400, answer: "This response_format type is unavailable now" },
    source: "ItzCrazyKns/Vane#969, bytedance/deer-flow#545"
  },
  {
    name: "json-needs-the-word",
    about: "`json_object` needs the word in the prompt.",
    request: { model: flash, response_format: { type: "json_object" }, ...off },
    ...{ status: 400, answer: "Prompt must contain the word 'json'" },
    source: "api-docs.deepseek.com/guides/json_mode"
  },
  {
    name: "longest-answer",
    about: "An answer may have 384 Ki tokens.",
    request: { model: flash, max_tokens: 400_000 },
    ...{ status: 400, answer: "the valid range of max_tokens is [1, 393216]" },
    source: "api-docs.deepseek.com/quick_start/pricing; the words: captures of 2025",
    confidence: "medium"
  },
  {
    name: "usage-on-the-finish",
    about: "A stream's usage stands on the chunk with the finish.",
    request: { model: flash, ...off, max_tokens: 20, stream: true, stream_options: { include_usage: true } },
    ...{ status: 200, answer: '}],"usage":{"prompt_tokens":' },
    source: "vercel/ai, fixtures of packages/deepseek"
  }
]
