/** A first call in the languages that applications are written in, ready to be pasted. */

/** What a call is sent with. */
export interface Call {
  /** The gateway's, without a path. */
  readonly url: string
  readonly model: string
  readonly key: string
}

/** The languages. */
export const languages = [
  { value: "curl", label: "curl" },
  { value: "typescript", label: "TypeScript" },
  { value: "python", label: "Python" },
  { value: "spring", label: "Spring AI" }
] as const

const snippets: Readonly<Record<(typeof languages)[number]["value"], (call: Call) => string>> = {
  curl: ({ key, model, url }) => `curl ${url}/v1/chat/completions \\
  -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "你是谁？"}]}'`,
  typescript: ({ key, model, url }) => `import OpenAI from "openai"

const client = new OpenAI({ baseURL: "${url}/v1", apiKey: "${key}" })
const answer = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "你是谁？" }]
})
console.log(answer.choices[0]?.message.content)`,
  python: ({ key, model, url }) => `from openai import OpenAI

client = OpenAI(base_url="${url}/v1", api_key="${key}")
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "你是谁？"}],
)
print(answer.choices[0].message.content)`,
  spring: ({ key, model, url }) => `# application.yaml
spring:
  ai:
    openai:
      base-url: ${url}
      api-key: ${key}
      chat:
        options:
          model: ${model}`
}

/** The call in a language. */
export const snippetOf = (language: (typeof languages)[number]["value"], call: Call): string => snippets[language](call)
