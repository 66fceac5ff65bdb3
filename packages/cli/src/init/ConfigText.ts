/** The text of a new `understudy.yaml`: routes for the vendors, with comments that say what may be changed. */
import type { RouteOptions, TargetOptions } from "@understudy/core/config/Options"
import * as CalledAs from "../internal/CalledAs.ts"
import { vendors as allVendors, routesFor, type Vendor } from "../internal/Vendors.ts"
import type { Language } from "../Language.ts"
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

const aliases = (messages: Messages, language: Language, { label, retired }: Vendor): ReadonlyArray<string> => {
  const names = Object.entries(retired)
  if (names.length === 0) return []
  return [
    ...comment(messages.initFiles.aliases(label[language]), "    "),
    "    aliases:",
    ...names.map(([name, alias]) => `      ${name}: ${flow(alias)}`)
  ]
}

const provider = (messages: Messages, language: Language, vendor: Vendor): ReadonlyArray<string> => [
  ...comment(messages.initFiles.keys(vendor.variable, vendor.console), "  "),
  `  ${vendor.name}:`,
  `    type: ${vendor.name}`,
  `    baseUrl: "\${${vendor.urlVariable}:-${vendor.baseUrl}}"`,
  `    keys: ["\${${vendor.variable}}"]`,
  ...comment(messages.initFiles.keyFailover, "    "),
  "    keyFailover: { failureThreshold: 1, successThreshold: 1, healthCheckInterval: 5s, healthCheckTimeout: 10s }",
  ...aliases(messages, language, vendor)
]

const targets = (list: ReadonlyArray<TargetOptions>): string => flow(list)

const route = (
  { initFiles }: Messages,
  language: Language,
  { fallback = [], match, name, targets: first }: RouteOptions
): ReadonlyArray<string> => {
  const labels = (list: ReadonlyArray<TargetOptions>): ReadonlyArray<string> =>
    allVendors
      .filter((vendor) => list.some(({ provider }) => provider === vendor.name))
      .map(({ label }) => label[language])
  const { prefix = "" } = match.model
  const isVectors = allVendors.some(({ vectors }) => vectors === prefix)
  return [
    ...comment(isVectors ? initFiles.vectors(prefix) : initFiles.family(prefix, labels(first), labels(fallback)), "  "),
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
export const make = (messages: Messages, language: Language, answers: Answers): string => {
  const given = answers.vendors.map(({ vendor }) => vendor)
  const vendors = given.length === 0 ? allVendors : given
  return [
    `# yaml-language-server: $schema=./${schemaFile}`,
    ...comment(messages.initFiles.head(CalledAs.here())),
    "version: 1",
    "",
    ...comment(messages.initFiles.server),
    "server: { host: 127.0.0.1, port: 8080 }",
    "",
    "providers:",
    ...vendors.flatMap((vendor) => provider(messages, language, vendor)),
    "",
    ...comment(messages.initFiles.routing),
    "routes:",
    ...routesFor(vendors).flatMap((each) => route(messages, language, each)),
    "",
    ...consumers(messages, answers.consumerKey !== undefined),
    ""
  ].join("\n")
}
