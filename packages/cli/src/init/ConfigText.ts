/** The text of a new `understudy.yaml`: routes for both vendors, with comments that say what may be changed. */
import type { RouteOptions, TargetOptions } from "@understudy/core/config/Options"
import * as Setting from "../demo/Setting.ts"
import * as CalledAs from "../internal/CalledAs.ts"
import { vendors as allVendors, type Vendor } from "../internal/Vendors.ts"
import type { Messages } from "../Messages.ts"
import { type Answers, consumerVariable } from "./Answers.ts"

/** The name of the schema's file, beside the configuration. */
export const schemaFile = "understudy.schema.json"

const plain = /^[A-Za-z0-9][\w.-]*$/

/** A value in YAML's flow style. */
const flow = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`
  if (typeof value !== "object" || value === null) {
    return typeof value === "string" && plain.test(value) && !/^[\d.]+$/.test(value) ? value : JSON.stringify(value)
  }
  const fields = Object.entries(value).map(([name, field]) => `${flow(name)}: ${flow(field)}`)
  return `{ ${fields.join(", ")} }`
}

const comment = (text: string, indent = ""): ReadonlyArray<string> =>
  text.split("\n").map((line) => `${indent}# ${line}`)

const aliases = (messages: Messages, { retired }: Vendor): ReadonlyArray<string> => {
  const names = Object.entries(retired)
  if (names.length === 0) return []
  return [
    ...comment(messages.initFiles.aliases, "    "),
    "    aliases:",
    ...names.map(([name, alias]) => `      ${name}: ${flow(alias)}`)
  ]
}

const provider = (messages: Messages, vendor: Vendor): ReadonlyArray<string> => [
  ...comment(messages.initFiles.keys(vendor.variable, vendor.console), "  "),
  `  ${vendor.name}:`,
  `    type: ${vendor.name}`,
  `    baseUrl: "\${${vendor.urlVariable}:-${vendor.baseUrl}}"`,
  `    keys: ["\${${vendor.variable}}"]`,
  ...comment(messages.initFiles.keyFailover, "    "),
  "    keyFailover: { failureThreshold: 1, successThreshold: 1, healthCheckInterval: 5s, healthCheckTimeout: 10s }",
  ...aliases(messages, vendor)
]

const targets = (list: ReadonlyArray<TargetOptions>): string => flow(list)

const route = (
  messages: Messages,
  { fallback = [], match, name, targets: first }: RouteOptions
): ReadonlyArray<string> => {
  const about = (messages.initFiles.routes as Readonly<Record<string, string>>)[name]
  return [
    ...(about === undefined ? [] : comment(about, "  ")),
    `  - name: ${name}`,
    `    match: ${flow(match)}`,
    `    targets: ${targets(first)}`,
    ...(fallback.length === 0 ? [] : [`    fallback: ${targets(fallback)}`])
  ]
}

const consumers = (messages: Messages, protect: boolean): ReadonlyArray<string> => {
  const lines = ["consumers:", "  - name: default", `    keys: ["\${${consumerVariable}}"]`]
  return [
    ...comment(protect ? messages.initFiles.consumers : messages.initFiles.noConsumers),
    ...(protect ? lines : lines.map((line) => `# ${line}`))
  ]
}

/** The text. */
export const make = (messages: Messages, answers: Answers): string => {
  const given = answers.vendors.map(({ vendor }) => vendor)
  const vendors = given.length === 0 ? allVendors : given
  const has = (name: Vendor["name"]): boolean => vendors.some((vendor) => vendor.name === name)
  return [
    `# yaml-language-server: $schema=./${schemaFile}`,
    ...comment(messages.initFiles.head(CalledAs.here())),
    "version: 1",
    "",
    ...comment(messages.initFiles.server),
    "server: { host: 127.0.0.1, port: 8080 }",
    "",
    "providers:",
    ...vendors.flatMap((vendor) => provider(messages, vendor)),
    "",
    ...comment(messages.initFiles.routing),
    "routes:",
    ...Setting.routes({ deepseek: has("deepseek"), qwen: has("qwen") }).flatMap((each) => route(messages, each)),
    "",
    ...consumers(messages, answers.consumerKey !== undefined),
    ""
  ].join("\n")
}
