/** The operator's side of Understudy's gateway. */
export * as Admin from "./Admin.ts"
export * as AdminApi from "./AdminApi.ts"
export * as ConfigSource from "./ConfigSource.ts"
export * as ConfigWatch from "./ConfigWatch.ts"
export * as Live from "./Live.ts"
export * as RequestLog from "./RequestLog.ts"
