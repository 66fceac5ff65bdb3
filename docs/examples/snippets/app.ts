import { PromiseChatModel } from "@understudy/chat-model/promise"

/** What the application asks. */
export const chat = await PromiseChatModel.fromOptions(
  {
    version: 1,
    providers: {
      qwen: { type: "qwen", keys: [process.env["DASHSCOPE_API_KEY"] ?? "sk-demo-qwen"] },
      deepseek: { type: "deepseek", keys: [process.env["DEEPSEEK_API_KEY"] ?? "sk-demo-deepseek"] }
    },
    routes: [
      {
        name: "aliyun",
        match: { model: { prefix: "qwen" } },
        targets: [{ provider: "qwen" }],
        fallback: [{ provider: "deepseek", model: "deepseek-flash" }]
      }
    ]
  },
  { model: "qwen3.8-flash" }
)
