/** What Qwen on Model Studio does and others do not, with sources. */
import { called, demanded, lookup, picture, type Rule, result, schema, user } from "../Rule.ts"

const tools = [lookup]
const weather = user("Which city is it? Look it up.")
const json = { type: "json_object" }
const off = { enable_thinking: false }
const on = { enable_thinking: true }

/** The rules. */
export const rules: ReadonlyArray<Rule> = [
  {
    name: "thinks-by-default",
    about: "From 3.5 on models think unless they are told not to, and answer plain calls all the same.",
    request: { model: "qwen3.5-plus", max_tokens: 200 },
    ...{ status: 200, answer: '"reasoning_content":"' },
    source: "langgenius/dify-official-plugins#2626, #2628; earendil-works/pi#2770"
  },
  {
    name: "thinking-disabled",
    about: "`enable_thinking: false` switches it off.",
    request: { model: "qwen3.7-plus", ...off, max_tokens: 20 },
    ...{ status: 200, answer: '"content":"', lacks: '"reasoning_content":"' },
    source: "help.aliyun.com/zh/model-studio/deep-thinking"
  },
  {
    name: "thinks-when-asked",
    about: "`qwen3-max` thinks only when it is asked to.",
    request: { model: "qwen3-max", max_tokens: 20 },
    ...{ status: 200, answer: '"content":"', lacks: '"reasoning_content":"' },
    source: "help.aliyun.com/zh/model-studio/deep-thinking"
  },
  {
    name: "always-thinks",
    about: "`qwen3.8-max` cannot be told not to think.",
    request: { model: "qwen3.8-max", ...off, max_tokens: 20 },
    ...{ status: 400, answer: "The value of the enable_thinking parameter is restricted to True." },
    source: "lobehub/lobe-chat#17363, QwenLM/qwen-code#7303"
  },
  {
    name: "thinking-streams",
    about: "Older models that think when asked do so in streams alone.",
    request: { model: "qwen-plus", ...on, max_tokens: 20 },
    ...{ status: 400, answer: "parameter.enable_thinking must be set to false for non-streaming calls" },
    source: "help.aliyun.com/zh/model-studio/error-code"
  },
  {
    name: "open-source-thinks",
    about: "Open-source hybrids of Qwen3 think by default, so that a plain call fails.",
    request: { model: "qwen3-8b", max_tokens: 20 },
    ...{ status: 400, answer: "parameter.enable_thinking must be set to false for non-streaming calls" },
    source: "help.aliyun.com/zh/model-studio/deep-thinking"
  },
  {
    name: "stream-only",
    about: "QwQ only streams.",
    request: { model: "qwq-plus", max_tokens: 20 },
    ...{ status: 400, answer: "This model only support stream mode, please enable the stream parameter" },
    source: "infiniflow/ragflow#5912, browser-use/web-ui#390"
  },
  {
    name: "omni-streams",
    about: "So do omni models.",
    request: { model: "qwen3-omni-flash", max_tokens: 20 },
    ...{ status: 400, answer: "This model only support stream mode, please enable the stream parameter" },
    source: "help.aliyun.com/zh/model-studio/qwen-omni; the words are those of QwQ",
    confidence: "medium"
  },
  {
    name: "thinking-refuses-demand",
    about: "A model that thinks cannot be made to call a tool.",
    request: { model: "qwen3.7-plus", messages: [weather], tools, tool_choice: demanded },
    ...{
      status: 400,
      answer: "The tool_choice parameter does not support being set to required or object in thinking mode"
    },
    source: "cloudwego/eino#994, QwenLM/qwen-code#7659, can1357/oh-my-pi#886"
  },
  {
    name: "demand-without-thinking",
    about: "One that does not think can.",
    request: { model: "qwen3.7-plus", messages: [weather], tools, tool_choice: demanded, ...off, max_tokens: 60 },
    ...{ status: 200, answer: '"tool_calls":[' },
    source: "follows from the words of the refusal: QwenLM/qwen-code#7659",
    confidence: "low"
  },
  {
    name: "arguments-are-objects",
    about: "The arguments of a call are a JSON object.",
    request: { model: "qwen-plus", messages: [weather, called('{"city": "Hang'), result], tools },
    ...{ status: 400, answer: 'The \\"function.arguments\\" parameter of the code model must be in JSON format.' },
    source: "HKUDS/nanobot#1487, #2469"
  },
  {
    name: "result-without-call",
    about: "A tool's message answers a call before it; the vendor spells it so.",
    request: { model: "qwen-plus", messages: [weather, result] },
    ...{
      status: 400,
      answer: 'messages with role \\"tool\\" must be a response to a preceeding message with \\"tool_calls\\".'
    },
    source: "QwenLM/qwen-code#2360, labring/FastGPT#4184"
  },
  {
    name: "call-without-result",
    about: "Every call has its result before anything else is said; the place that is told is the next message's.",
    request: { model: "qwen-plus", messages: [weather, called(), user("And?")] },
    ...{ status: 400, answer: "The following tool_call_ids did not have response messages: message[2].role" },
    source: "alibaba/spring-ai-alibaba#914, QwenLM/qwen-code#315"
  },
  {
    name: "tool-search",
    about: "No tool may be called `search`.",
    request: { model: "qwen-plus", tools: [{ type: "function", function: { name: "search" } }] },
    ...{ status: 400, answer: "Tool names are not allowed to be [search]" },
    source: "tailcallhq/forgecode#1580, agno-agi/agno#4846"
  },
  {
    name: "role-developer",
    about: "The role `developer` is none.",
    request: { model: "qwen3.7-flash", messages: [{ role: "developer", content: "Be brief." }, user()] },
    ...{
      status: 400,
      answer: "developer is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.[0].role'"
    },
    source: "proma-ai/Proma#1496, haru/redmine_ai_helper#242"
  },
  {
    name: "images-refused",
    about: "A text model refuses images.",
    request: { model: "qwen3.7-max", messages: [user([{ type: "text", text: "What is it?" }, picture])], ...off },
    ...{
      status: 400,
      answer: "The provided messages input is invalid. The error info is [Unexpected item type in content.]"
    },
    source: "can1357/oh-my-pi#1861",
    confidence: "medium"
  },
  {
    name: "images-seen",
    about: "`qwen3.7-plus` sees, as all from 3.8 on do.",
    request: {
      ...{ model: "qwen3.7-plus", messages: [user([{ type: "text", text: "What is it?" }, picture])] },
      ...{ ...off, max_tokens: 20 }
    },
    ...{ status: 200, answer: '"object":"chat.completion"' },
    source: "can1357/oh-my-pi#8305"
  },
  {
    name: "json-needs-the-word",
    about: "`json_object` needs the word in the prompt.",
    request: { model: "qwen3-max", response_format: json },
    ...{ status: 400, answer: "'messages' must contain the word 'json' in some form" },
    source: "agno-agi/agno#5317"
  },
  {
    name: "thinking-refuses-json",
    about: "Models before 3.8 take no format for the answer while they think.",
    request: { model: "qwen3.7-plus", messages: [user("Name a city as json.")], response_format: json },
    ...{ status: 400, answer: "Json mode response is not supported when enable_thinking is true" },
    source: "presenton/presenton#184; help.aliyun.com/zh/model-studio/json-mode",
    confidence: "medium"
  },
  {
    name: "thinking-takes-json",
    about: "From 3.8 on they do.",
    request: {
      model: "qwen3.8-flash",
      messages: [user("Name a city as json.")],
      response_format: json,
      max_tokens: 300
    },
    ...{ status: 200, answer: '"reasoning_content":"' },
    source: "QwenLM/Qwen#2329",
    confidence: "medium"
  },
  {
    name: "schemas",
    about: "`qwen3-max` takes a schema, `qwen-plus` and `qwen-flash` from their snapshots of 2025-07-28 on.",
    request: { model: "qwen3-max", messages: [user("Name a city.")], response_format: schema, max_tokens: 40 },
    ...{ status: 200, answer: '"content":"{' },
    source: "alibabacloud.com/help/zh/model-studio/json-mode (2026-02-06)"
  },
  {
    name: "no-schemas-before",
    about: "Older snapshots take none.",
    request: { model: "qwen-plus-2025-04-28", messages: [user("Name a city.")], response_format: schema },
    ...{ status: 400, answer: "'response_format' of type 'json_schema'" },
    source: "alibabacloud.com/help/zh/model-studio/json-mode (2026-02-06); the words are a guess",
    confidence: "low"
  },
  {
    name: "effort-words",
    about: "`reasoning_effort` is one of six words.",
    request: { model: "qwen3.8-max", reasoning_effort: "much", stream: true },
    ...{
      status: 400,
      answer: "'reasoning_effort' must be one of: 'none', 'minimal', 'low', 'medium', 'high', 'xhigh'"
    },
    source: "VicBilibily/GCMP#384",
    confidence: "medium"
  },
  {
    name: "effort-or-budget",
    about: "It excludes `thinking_budget`.",
    request: { model: "qwen3.8-max", reasoning_effort: "low", thinking_budget: 100, stream: true },
    ...{ status: 400, answer: "'reasoning_effort' and 'thinking_budget' cannot be set simultaneously" },
    source: "anomalyco/opencode#41531, QwenLM/qwen-code#8472"
  },
  {
    name: "refusal-as-an-event",
    about:
      "A stream of `qwen3.8-max` is refused with a 400 whose body is a line of a stream, without the usual prefix.",
    request: { model: "qwen3.8-max", max_tokens: 200_000, stream: true },
    ...{
      status: 400,
      answer: 'data: {"error":{"code":"invalid_parameter_error","param":null,"message":"Range of max_tokens'
    },
    source: "anomalyco/opencode#40770, #41531"
  },
  {
    name: "longest-input",
    about: "The input has a bound of its own, which the refusal tells.",
    request: { model: "qwen-max", messages: [user("word ".repeat(40_000))], max_tokens: 1 },
    ...{ status: 400, answer: "Range of input length should be [1, 30720]" },
    source: "QwenLM/Qwen-Agent#615"
  },
  {
    name: "temperature-below-2",
    about: "`temperature` is below 2.",
    request: { model: "qwen-plus", temperature: 2 },
    ...{ status: 400, answer: "Range of temperature should be [0.0, 2.0)" },
    source: "help.aliyun.com/zh/model-studio/error-code"
  },
  {
    name: "unknown-model",
    about: "A model that does not exist is a 404.",
    request: { model: "qwen-9" },
    ...{ status: 404, answer: "The model `qwen-9` does not exist or you do not have access to it." },
    source: "help.aliyun.com/zh/model-studio/error-code"
  },
  {
    name: "usage-behind-the-finish",
    about: "A stream's usage comes in a chunk of its own, without choices.",
    request: { model: "qwen-plus", max_tokens: 20, stream: true, stream_options: { include_usage: true } },
    ...{ status: 200, answer: '"choices":[],"object":"chat.completion.chunk","usage":{' },
    source: "vercel/ai, fixtures of packages/alibaba"
  }
]
