/** What Zhipu does and others do not, with sources. */
import { demanded, lookup, picture, type Rule, schema, user } from "../Rule.ts"

/** The rules. */
export const rules: ReadonlyArray<Rule> = [
  {
    name: "thinks-by-default",
    about: "Models think unless they are told not to.",
    request: { model: "glm-5.2", max_tokens: 200 },
    ...{ status: 200, answer: '"reasoning_content":"' },
    source: "docs.bigmodel.cn/cn/guide/capabilities/thinking",
    confidence: "high"
  },
  {
    name: "thinking-disabled",
    about: '`thinking: { type: "disabled" }` switches it off where it can be.',
    request: { model: "glm-5.2", thinking: { type: "disabled" }, max_tokens: 20 },
    ...{ status: 200, answer: '"content":"', lacks: '"reasoning_content":"' },
    source: "docs.bigmodel.cn/cn/guide/capabilities/thinking",
    confidence: "high"
  },
  {
    name: "always-thinks",
    about: "`glm-5.3` cannot be told not to.",
    request: { model: "glm-5.3", thinking: { type: "disabled" }, max_tokens: 20 },
    ...{ status: 400, answer: '"code":"1210"' },
    source: "docs.bigmodel.cn/cn/guide/capabilities/thinking; that it is refused, and how, is a guess",
    confidence: "low"
  },
  {
    name: "no-demands",
    about: "`tool_choice` is `auto` or nothing.",
    request: { model: "glm-5.2", tools: [lookup], tool_choice: demanded },
    ...{ status: 400, answer: '"code":"1210"' },
    source: "docs.bigmodel.cn/api-reference; that it is refused, and how, is a guess",
    confidence: "low"
  },
  {
    name: "no-schemas",
    about: "There are no schemas for answers.",
    request: { model: "glm-5.2", messages: [user("Name a city as JSON.")], response_format: schema },
    ...{ status: 400, answer: '"code":"1210"' },
    source: "LiteLLM 1.110, bigmodel: no native schema; how it is refused is a guess",
    confidence: "low"
  },
  {
    name: "images-refused",
    about: "A text model refuses images.",
    request: { model: "glm-5.2", messages: [user([picture])] },
    ...{ status: 400, answer: '"code":"1210"' },
    source: "docs.bigmodel.cn/cn/guide/models; how it is refused is a guess",
    confidence: "low"
  },
  {
    name: "unknown-model",
    about: "A model that does not exist is a 400 with a code of its own.",
    request: { model: "glm-9" },
    ...{ status: 400, answer: '"code":"1211"' },
    source: "docs.bigmodel.cn/cn/api/api-code",
    confidence: "high"
  }
]
