/** What Moonshot does and others do not, with sources. */
import { called, demanded, lookup, type Rule, result, user } from "../Rule.ts"

const tools = [lookup]
const weather = user("Which city is it? Look it up.")

/** The rules. */
export const rules: ReadonlyArray<Rule> = [
  {
    name: "thinks-by-default",
    about: "Models think unless they are told not to.",
    request: { model: "kimi-k2.6", max_tokens: 200 },
    ...{ status: 200, answer: '"reasoning_content":"' },
    source: "platform.kimi.ai/docs/guide/use-kimi-k2-thinking-model",
    confidence: "high"
  },
  {
    name: "thinking-disabled",
    about: '`thinking: { type: "disabled" }` switches it off where it can be.',
    request: { model: "kimi-k2.6", thinking: { type: "disabled" }, max_tokens: 20 },
    ...{ status: 200, answer: '"content":"', lacks: '"reasoning_content":"' },
    source: "platform.kimi.ai/docs/guide/use-kimi-k2-thinking-model",
    confidence: "high"
  },
  {
    name: "always-thinks",
    about: "`kimi-k3` cannot be told not to.",
    request: { model: "kimi-k3", thinking: { type: "disabled" }, max_tokens: 20 },
    ...{ status: 400, answer: "thinking" },
    source: "theopenco/llmgateway#3065; the words are a guess",
    confidence: "low"
  },
  {
    name: "one-temperature",
    about: "A model that thinks has one temperature.",
    request: { model: "kimi-k2.6", temperature: 0.3 },
    ...{ status: 400, answer: "invalid temperature: only 1 is allowed for this model" },
    source: "lsdefine/GenericAgent#30; LiteLLM 1.110, moonshot/chat/transformation.py",
    confidence: "high"
  },
  {
    name: "thinking-refuses-required",
    about: "Models before K3 cannot be made to call a tool while they think.",
    request: { model: "kimi-k2.6", messages: [weather], tools, tool_choice: "required" },
    ...{ status: 400, answer: "tool_choice 'required' is incompatible with thinking enabled" },
    source: "AstrBotDevs/AstrBot#7805, theopenco/llmgateway#2090",
    confidence: "high"
  },
  {
    name: "k3-takes-required",
    about: "`kimi-k3` can.",
    request: { model: "kimi-k3", messages: [weather], tools, tool_choice: "required", max_tokens: 300 },
    ...{ status: 200, answer: '"tool_calls":[' },
    source: "UKGovernmentBEIS/inspect_ai#5152",
    confidence: "medium"
  },
  {
    name: "thinking-refuses-named",
    about: "No model that thinks can be made to call a certain one.",
    request: { model: "kimi-k3", messages: [weather], tools, tool_choice: demanded },
    ...{ status: 400, answer: "tool_choice 'specified' is incompatible with thinking enabled" },
    source: "can1357/oh-my-pi#1077, UKGovernmentBEIS/inspect_ai#5152",
    confidence: "high"
  },
  {
    name: "reasoning-passed-back",
    about: "A model that thinks wants its reasoning back with every call of a tool.",
    request: { model: "kimi-k2.6", messages: [weather, called(), result], tools },
    ...{ status: 400, answer: "thinking is enabled but reasoning_content is missing in assistant tool call message" },
    source: "n8n-io/n8n#29142, continuedev/continue#11600",
    confidence: "high"
  },
  {
    name: "unknown-model",
    about: "A model that does not exist is a 404.",
    request: { model: "kimi-k9" },
    ...{ status: 404, answer: "Not found the model kimi-k9 or Permission denied" },
    source: "platform.kimi.com/docs/api/errors; the words are a guess",
    confidence: "low"
  }
]
