/** How vendors say that a model cannot do what was asked of it. */
import { anthropic, e, gemini, type Row, relayed } from "./envelopes.ts"

export const unsuited: ReadonlyArray<Row> = [
  ["Ollama, images", 400, { error: "this model does not support image input (ref: 1)" }],
  ["Ark, images", 400, e("Model do not support image input. Request id: 1", "InvalidParameter")],
  ["Ollama, tools", 400, { error: "models.example/library/x does not support tools" }],
  [
    "OpenRouter, tools",
    404,
    e("No endpoints found that support tool use. To learn more visit https://openrouter.ai/docs", 404)
  ],
  ["OpenRouter, images", 404, e("No endpoints found that support image input", 404)],
  [
    "OpenRouter, in what is behind it",
    400,
    relayed(e("Invalid content type. image_url is only supported by certain models."))
  ],
  ["vLLM, images", 400, { object: "error", message: "At most 0 image(s) may be provided in one request.", code: 400 }],
  [
    "vLLM, tools",
    400,
    {
      object: "error",
      message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
      code: 400
    }
  ],
  [
    "vLLM, a parameter",
    400,
    {
      object: "error",
      message:
        "[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), 'msg': 'Extra inputs are not permitted', 'input': 8192}]",
      code: 400
    }
  ],
  [
    "llama.cpp, images",
    500,
    e("image input is not supported - hint: if this is unexpected, you may need to provide the mmproj", 500)
  ],
  ["llama.cpp, tools", 500, e("tools param requires --jinja flag", 500)],
  [
    "OpenAI, a parameter",
    400,
    e(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      "unsupported_parameter"
    )
  ],
  [
    "OpenAI, a value",
    400,
    e("Unsupported value: 'temperature' does not support 0.3 with this model.", "unsupported_value")
  ],
  [
    "OpenAI, a role",
    400,
    e(
      "Invalid value: 'developer'. Supported values are: 'system', 'assistant', 'user', 'function', and 'tool'.",
      "invalid_value"
    )
  ],
  [
    "Ark, a role",
    400,
    e(
      "The parameter `messages.role` specified in the request are not valid: invalid value: `developer`, supported values are: `system`, `assistant`, `user`, `tool`."
    )
  ],
  [
    "TokenHub, a role",
    400,
    e(
      "invalid parameter 'messages[0].role': invalid role 'developer', must be one of: system, user, assistant, tool",
      "400002",
      "gateway_error"
    )
  ],
  [
    "FastAPI, a role",
    422,
    {
      detail: [
        {
          loc: ["body", "messages", 0, "role"],
          msg: "Input should be 'system', 'user', 'assistant' or 'tool'",
          input: "developer"
        }
      ]
    }
  ],
  [
    "FastAPI, images",
    400,
    { detail: [{ loc: ["body", "messages", 0, "content", 0, "type"], msg: "Input should be 'text'" }] }
  ],
  [
    "Groq, a field",
    400,
    e(
      "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning_content' is unsupported)]"
    )
  ],
  [
    "Gemini, a field",
    400,
    gemini(400, "INVALID_ARGUMENT", 'Invalid JSON payload received. Unknown name "seed": Cannot find field.')
  ],
  ["Gemini, tools", 400, gemini(400, "INVALID_ARGUMENT", "Function calling is not enabled for models/x")],
  [
    "Moonshot, temperature",
    400,
    e("invalid temperature: only 1 is allowed for this model", undefined, "invalid_request_error")
  ],
  ["Moonshot, tool_choice", 400, e("tool_choice 'required' is incompatible with thinking enabled")],
  [
    "Anthropic, prefill",
    400,
    anthropic("invalid_request_error", "This model does not support assistant message prefill.")
  ],
  ["a server of text", 400, e("Unsupported content part type for text-only server: image_url")],
  ["a server of Chinese", 400, e("该模型不支持图片输入")],
  ["a server of text, in other words", 400, e("image_url is not allowed: only text content is supported")],
  ["DeepSeek, a format", 400, e("This response_format type is unavailable now", "invalid_request_error")],
  ["a model without eyes", 400, e("This model does not have vision capability")],
  ["a bare 451", 451, ""],
  ["a bare 415", 415, ""],
  [
    "Azure, an operation",
    400,
    e("The chatCompletion operation does not work with the specified model, x.", "OperationNotSupported")
  ],
  [
    "Bedrock, an apostrophe of print",
    400,
    { message: "Invocation of model ID x with on-demand throughput isn’t supported." }
  ],
  [
    "Anthropic, two samplings",
    400,
    anthropic("invalid_request_error", "`temperature` and `top_p` cannot both be specified for this model.")
  ],
  [
    "Groq, a call that the model got wrong",
    400,
    e("Failed to call a function. Please adjust your prompt.", "tool_use_failed")
  ],
  ["vLLM, a template", 400, e("System message must be at the beginning.", 400, "BadRequestError")],
  ["LM Studio, a format", 400, { error: "'response_format.type' must be 'json_schema' or 'text'" }],
  [
    "LM Studio, a choice",
    400,
    { error: "Invalid tool_choice type: 'object'. Supported string values: none, auto, required" }
  ]
]
