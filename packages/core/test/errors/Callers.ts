/** How vendors say that a request, its content or its model's name is at fault. */
import { anthropic, e, type Row } from "./envelopes.ts"

export const callers: ReadonlyArray<Row> = [
  ["a range", 400, e("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]")],
  [
    "OpenAI, max_tokens",
    400,
    e(
      "max_tokens is too large: 5000. This model supports at most 4096 completion tokens, whereas you provided 5000.",
      "invalid_value"
    )
  ],
  [
    "OpenAI, a long string",
    400,
    e(
      "Invalid 'messages[0].name': string too long. Expected a string with maximum length 64.",
      "string_above_max_length"
    )
  ],
  [
    "OpenAI, a type",
    400,
    e(
      "Invalid type for 'messages[0].role': expected one of 'system' or 'user', but got an integer instead.",
      "invalid_type"
    )
  ],
  ["OpenAI, no model", 400, e("you must provide a model parameter")],
  [
    "a tool's result without its call",
    400,
    e("Messages with role 'tool' must be a response to a preceding message with 'tool_calls'")
  ],
  [
    "a call without its result",
    400,
    e("An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.")
  ],
  ["no JSON", 400, e("We could not parse the JSON body of your request: unexpected token in JSON at position 4")],
  [
    "a missing field",
    422,
    e("Failed to deserialize the JSON body into the target type: missing field `messages` at line 1 column 12")
  ],
  [
    "a schema",
    400,
    e(
      "Invalid schema for response_format 'x': In context=(), 'additionalProperties' is required to be supplied and to be false."
    )
  ],
  [
    "FastAPI, a number",
    422,
    {
      detail: [
        { loc: ["body", "temperature"], msg: "Input should be less than or equal to 2", input: "insufficient balance" }
      ]
    }
  ],
  ["an image that is too large", 400, e("The input image is too large: 30 MB")],
  ["a bare 400", 400, ""],
  ["a bare 422", 422, ""],
  ["inside 200", 200, e("bad temperature", 400)],
  [
    "a prompt about limits, quoted",
    400,
    e(
      'Invalid value for messages[0].content: "my API key is invalid and the rate limit was exceeded, prompt is too long"'
    )
  ],
  [
    "a prompt about money, quoted",
    400,
    e("Input validation failed, input_value='insufficient balance, please recharge', input_type=str")
  ],
  [
    "a prompt about models, quoted",
    400,
    e("Could not parse `the model gpt does not exist and images are not supported`")
  ],
  [
    "a schema's field by the name of money",
    400,
    e("Invalid schema for function 'pay': In context=('properties', 'insufficient_balance'), 'required' is required")
  ],
  [
    "FastAPI, a number that is too small",
    422,
    { detail: [{ loc: ["body", "prompt"], msg: "Input should be greater than 0" }] }
  ],
  ["a format that is no object", 400, e("'response_format' must be an object")]
]

export const missing: ReadonlyArray<Row> = [
  ["OpenAI", 404, e("The model `x` does not exist or you do not have access to it.", "model_not_found")],
  ["OpenAI as 403", 403, e("Project `p` does not have access to model `x`", "model_not_found")],
  ["GLM as 400", 400, e("模型不存在，请检查模型代码。", "1211")],
  ["SiliconFlow as 400", 400, { code: 20012, message: "Model does not exist. Please check it carefully.", data: null }],
  ["Qianfan as 401", 401, e("No permission to use the model", "invalid_model")],
  [
    "Ark",
    404,
    e(
      "The model or endpoint x does not exist or you do not have access to it.",
      "InvalidEndpointOrModel.NotFound",
      "NotFound"
    )
  ],
  ["Ark, closed", 400, e("closed", "InvalidEndpoint.ClosedEndpoint")],
  ["Azure", 404, e("The API deployment for this resource does not exist.", "DeploymentNotFound")],
  ["Anthropic", 404, anthropic("not_found_error", "model: x")],
  ["Ollama", 404, { error: "model 'x' not found" }],
  ["OpenRouter", 400, e("x/y is not a valid model ID", 400)],
  ["a relay", 400, e("Unsupported model: 'x'.", "bad_response_status_code")],
  ["a route that is not there", 404, { detail: "Not Found" }],
  ["a method that is not there", 405, { detail: "Method Not Allowed" }],
  ["a model that is gone", 410, ""],
  [
    "Groq, a model of the past",
    400,
    e("The model `x` has been decommissioned and is no longer supported.", "model_decommissioned")
  ],
  ["Bedrock", 400, { message: "The provided model identifier is invalid." }],
  ["Together", 400, e("Unable to access non-serverless model x.", "model_not_available")],
  [
    "Hugging Face",
    400,
    e("The requested model 'x' is not supported by any provider you have enabled.", "model_not_supported")
  ],
  ["ModelScope", 400, { errors: { message: "Model id: x has no provider supported" } }],
  ["SiliconFlow, switched off", 403, { code: 30003, message: "Model disabled.", data: null }],
  ["GitHub Models", 400, e("Unavailable model: x", "unavailable_model")]
]

export const filtered: ReadonlyArray<Row> = [
  ["OpenAI", 400, e("Your request was rejected as a result of our safety system.", "content_policy_violation")],
  [
    "OpenAI in words",
    400,
    e("Invalid prompt: your prompt was flagged as potentially violating our usage policy.", "invalid_prompt")
  ],
  [
    "Azure",
    400,
    e(
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      "content_filter",
      undefined,
      { status: 400, innererror: { code: "ResponsibleAIPolicyViolation" } }
    )
  ],
  ["Moonshot", 400, e("The request was rejected because it was considered high risk", undefined, "content_filter")],
  [
    "GLM",
    400,
    { ...e("系统检测到输入或生成内容可能包含不安全或敏感内容", "1301"), contentFilter: [{ level: 1, role: "user" }] }
  ],
  [
    "Ark",
    400,
    e(
      "The request failed because the input text may contain sensitive information.",
      "InputTextSensitiveContentDetected",
      "BadRequest"
    )
  ],
  ["Ark, output", 400, e("risk", "OutputTextRiskDetection")],
  ["MiniMax", 200, { base_resp: { status_code: 1026, status_msg: "input new_sensitive" } }],
  ["TokenHub", 451, e("content", "451001", "content_filter_error")],
  ["Qianfan", 403, e("the content of the system field is invalid", "system_unsafe", "unsafe_request")],
  [
    "OpenRouter",
    403,
    e('x requires moderation on OpenInference. Your input was flagged for "harassment".', 403, undefined, {
      metadata: { flagged_input: "tell me of rate limits" }
    })
  ]
]
