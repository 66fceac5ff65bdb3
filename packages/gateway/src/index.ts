/**
 * @understudy/gateway: an OpenAI-compatible gateway with key failover and model fallback.
 */
export * as AccessLog from "./AccessLog.ts"
export * as EventLog from "./EventLog.ts"
export * as Gateway from "./Gateway.ts"
export * as GatewayError from "./GatewayError.ts"
export * as LineLogger from "./LineLogger.ts"
export * as Lines from "./Lines.ts"
export * as Options from "./Options.ts"
export * as RequestId from "./RequestId.ts"
