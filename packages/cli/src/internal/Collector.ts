/**
 * Spans, metrics and messages over OTLP, where OpenTelemetry's own variables name a collector: `OTEL_EXPORTER_OTLP_ENDPOINT` and
 * its kin. Loaded only then.
 */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Version from "../Version.ts"

/** As the specification has it, and Effect's reader of these variables has not. */
const byDefault = { OTEL_TRACES_EXPORTER: "otlp", OTEL_METRICS_EXPORTER: "otlp", OTEL_LOGS_EXPORTER: "otlp" }

const endpoint = /^OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS|LOGS)_)?ENDPOINT$/

/** True where the environment names a collector, and does not switch it off. */
export const isNamed = (env: NodeJS.ProcessEnv): boolean =>
  env["OTEL_SDK_DISABLED"]?.toLowerCase() !== "true" &&
  Object.entries(env).some(([name, value]) => endpoint.test(name) && value !== undefined && value !== "")

/** The exporter that the environment asks for; nothing where it asks for none. What has not gone out goes out at the end. */
export const layer = (env: NodeJS.ProcessEnv): Layer.Layer<never> =>
  isNamed(env)
    ? Layer.unwrap(
        Effect.promise(async () => {
          const { FetchHttpClient } = await import("effect/http")
          const { Otlp, OtlpSerialization } = await import("effect/observability")
          const isJson = env["OTEL_EXPORTER_OTLP_PROTOCOL"] === "http/json"
          return Otlp.layerFromConfig({
            resource: { serviceName: env["OTEL_SERVICE_NAME"] ?? "understudy", serviceVersion: Version.version },
            loggerMergeWithExisting: true
          }).pipe(
            Layer.provide(isJson ? OtlpSerialization.layerJson : OtlpSerialization.layerProtobuf),
            Layer.provide(FetchHttpClient.layer),
            Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env: { ...byDefault, ...env } })))
          )
        })
      )
    : Layer.empty
