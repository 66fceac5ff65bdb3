/** How vendors say that a conversation is too long for the model. */
import { anthropic, e, gemini, type Row, relayed } from "./envelopes.ts"

export const tooLong: ReadonlyArray<Row> = [
  ["OpenAI", 400, e("Your input exceeds the context window of this model.", "context_length_exceeded")],
  [
    "OpenAI without a code",
    400,
    e("This model's maximum context length is 128000 tokens. However, you requested 130000.")
  ],
  ["Azure", 400, e("This model's maximum context length is 8192 tokens.", "context_length_exceeded")],
  ["Anthropic", 400, anthropic("invalid_request_error", "prompt is too long: 213462 tokens > 200000 maximum")],
  [
    "Anthropic, with max_tokens",
    400,
    anthropic("invalid_request_error", "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000")
  ],
  ["Anthropic, by bytes", 413, anthropic("request_too_large", "Request exceeds the maximum size")],
  [
    "Gemini",
    400,
    gemini(
      400,
      "INVALID_ARGUMENT",
      "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
    )
  ],
  [
    "Moonshot",
    400,
    e(
      "Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)",
      undefined,
      "invalid_request_error"
    )
  ],
  ["Moonshot, shorter", 400, e("Input token length too long", undefined, "invalid_request_error")],
  ["GLM", 400, e("Prompt exceeds max length", "1261")],
  ["GLM in Chinese", 400, e("Prompt 超长", "1261")],
  [
    "Ark",
    400,
    e("Total tokens of image and text exceed max message tokens. Request id: 1", "InvalidParameter", "BadRequest")
  ],
  ["MiniMax", 400, anthropic("invalid_request_error", "invalid params, context window exceeds limit (2013)")],
  [
    "MiniMax inside 200",
    200,
    { choices: null, base_resp: { status_code: 2013, status_msg: "invalid params, context window exceeds limit" } }
  ],
  [
    "SiliconFlow",
    400,
    { code: 20015, message: "length of prompt_tokens (68957) must be less than max_seq_len (65536).", data: null }
  ],
  ["Qianfan", 400, e("Prompt tokens too long", "tokens_too_long")],
  ["Qianfan, by characters", 400, e("the max input characters is 516096", "characters_too_long")],
  [
    "OpenRouter",
    400,
    e("This endpoint's maximum context length is 131072 tokens. However, you requested about 150000 tokens", 400)
  ],
  [
    "OpenRouter's Poolside",
    400,
    e("Input length 140000 exceeds the maximum allowed input length of 131072 tokens.", 400)
  ],
  ["OpenRouter, in what is behind it", 400, relayed(e("Input is too long for requested model."))],
  ["Groq", 400, e("Please reduce the length of the messages or completion.", "context_length_exceeded")],
  [
    "Mistral",
    400,
    {
      object: "error",
      message: "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
      code: "3051"
    }
  ],
  [
    "xAI",
    400,
    {
      code: "invalid-argument",
      error: "This model's maximum prompt length is 131072 but the request contains 537812 tokens."
    }
  ],
  [
    "vLLM",
    400,
    {
      object: "error",
      message:
        "This model's maximum context length is 4096 tokens. However, you requested 512 output tokens and your prompt contains at least 3585 input tokens, for a total of at least 4097 tokens. (parameter=input_tokens, value=3585)",
      type: "BadRequestError",
      code: 400
    }
  ],
  [
    "vLLM, wrapped",
    400,
    e(
      "max_tokens must be at least 1, got -5. This model's maximum context length is 4096 tokens",
      400,
      "BadRequestError"
    )
  ],
  [
    "SGLang",
    400,
    {
      object: "error",
      message:
        "Requested token count exceeds the model's maximum context length of 8192 tokens. You requested a total of 9000 tokens",
      type: "BadRequest",
      code: 400
    }
  ],
  [
    "SGLang, older",
    400,
    { object: "error", message: "The input (9000 tokens) is longer than the model's context length (8192 tokens)." }
  ],
  [
    "llama.cpp",
    400,
    e(
      "request (13392 tokens) exceeds the available context size (8192 tokens), try increasing it",
      400,
      "exceed_context_size_error",
      { n_prompt_tokens: 13392, n_ctx: 8192 }
    )
  ],
  [
    "llama.cpp, by batch",
    500,
    e("input is too large to process. increase the physical batch size", 500, "server_error")
  ],
  ["Ollama", 400, { error: "prompt too long; exceeded max context length by 4 tokens" }],
  [
    "LM Studio",
    400,
    {
      error:
        "The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 4166>= n_ctx: 4096). Try to load the model with a larger context length"
    }
  ],
  [
    "LM Studio as a stream",
    400,
    'event: error\ndata: {"error":{"message":"The number of tokens to keep from the initial prompt is greater than the context length"}}\n\n'
  ],
  ["llama.cpp, without a shift", 500, e("context shift is disabled", 500, "server_error")],
  ["a limit that is stated alone", 422, { detail: "Prompt has 300000 tokens, but the context window is 256000" }],
  ["Bedrock", 400, { message: "Input is too long for requested model." }],
  [
    "Together",
    400,
    e("The input is longer than the model's context length: 32769 tokens", null, "invalid_request_error")
  ],
  [
    "Together, by TGI",
    422,
    {
      error:
        "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: 4000 `inputs` tokens and 512 `max_new_tokens`"
    }
  ],
  ["GitHub Models", 413, e("Request body too large for gpt-4o model. Max size: 8000 tokens.", "tokens_limit_reached")],
  ["Copilot", 400, e("prompt token count of 130000 exceeds the limit of 128000", "model_max_prompt_tokens_exceeded")],
  [
    "LiteLLM, a repr in text",
    400,
    e(
      `litellm.BadRequestError: AnthropicException - b'{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}'`,
      "400"
    )
  ],
  [
    "LiteLLM, in Python",
    400,
    `Error code: 400 - {'error': {'message': "This model's maximum context length is 8192 tokens.", 'code': 'x'}}`
  ],
  ["a proxy of Chinese", 400, e("输入内容过长，超出模型上下文限制")],
  ["a body that was cut", 400, `{"error":{"message":"This model's maximum context length is 4096 tok`],
  ["LiteLLM as 500", 500, e("litellm.ContextWindowExceededError: AzureException - context_length_exceeded")],
  [
    "LM Studio, newer",
    400,
    {
      error:
        "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens"
    }
  ],
  ["a plain 413", 413, "<html><h1>413 Request Entity Too Large</h1></html>"],
  ["llama.cpp, newer", 400, e("Context size has been exceeded.", 400, "server_error")],
  ["Bedrock, by characters", 400, { message: "Malformed input request: expected maxLength: 50000, actual: 62000" }],
  ["Bedrock, by tokens", 400, { message: "ValidationException: Input exceeds the max input token limit" }],
  ["Cohere", 400, { message: "too many tokens: total tokens exceeds the model's max of 4096" }],
  ["a count of input tokens", 400, e("Exceeded maximum number of input tokens")],
  ["Qwen, relayed", 400, e("Total message token length exceed model limit (10000 tokens).")],
  ["TabbyAPI", 400, e("Prompt length 5000 is greater than max_seq_len 4096")],
  [
    "SambaNova",
    400,
    e("The provided prompt is 9000 tokens long, but the maximum supported sequence length is just 8192!")
  ],
  ["a list of messages", 400, e("the total length of messages exceeds the limit")],
  ["a list of messages, in short", 400, e("messages are too long")],
  ["tokens in Chinese", 400, e("tokens 总数超过上限")]
]
