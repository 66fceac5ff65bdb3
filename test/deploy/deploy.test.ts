/** The files of docs/deploy, as far as they can be checked without an engine or a cluster. */
import { spawnSync } from "node:child_process"
import { existsSync, globSync, readFileSync } from "node:fs"
import * as path from "node:path"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { parse, parseAllDocuments } from "yaml"

const root = path.resolve(import.meta.dirname, "../..")
const folder = path.join(root, "docs/deploy")
const read = (file: string): string => readFileSync(path.join(folder, file), "utf8")

const underscored = (name: string): string => name.replaceAll(".", "_")
const guide = readFileSync(path.join(root, "docs/guides/observability.md"), "utf8")
/** The documented metrics as Prometheus has them. */
const metrics = new Map(
  [...guide.matchAll(/^\| `([\w.]+)` \| (counter|gauge|histogram)/gm)].map(([, name, kind]) => [
    underscored(name ?? ""),
    kind
  ])
)
const attributes = new Set([...guide.matchAll(/`([a-z_]+(?:\.[a-z_]+)+)`/g)].map(([, name]) => underscored(name ?? "")))

/** The metrics and the labels of a PromQL expression. */
const namesIn = (expression: string) => {
  const labels = [
    ...[...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names]) => (names ?? "").split(", ")),
    ...[...expression.matchAll(/([a-z_]+)(?:!?=|[!=]~)"/g)].map(([, name]) => name ?? "")
  ]
  const bare = expression.replaceAll(/\bby \([^)]*\)|\{[^}]*\}|\[[^\]]*\]/g, "")
  return { labels, names: [...bare.matchAll(/\b(?:understudy|gen_ai)_\w+/g)].map(([name]) => name) }
}

const isDocumented = (name: string): boolean =>
  metrics.has(name) || metrics.get(name.replace(/_(?:bucket|sum|count)$/, "")) === "histogram"

const dashboard = JSON.parse(read("grafana/understudy.json"))
const alerts = parse(read("alerts.yml"))
const expressions: ReadonlyArray<readonly [title: string, expression: string]> = [
  ...dashboard.panels.flatMap(({ targets, title }: any) => targets.map(({ expr }: any) => [title, expr])),
  ...alerts.groups.flatMap(({ rules }: any) => rules.map(({ alert, expr }: any) => [alert, expr]))
]

describe("dashboard and alerts", () => {
  it.each(expressions)("%s asks for metrics and labels that are documented", (_, expression) => {
    const { labels, names } = namesIn(expression)
    expect(names.length > 0 || expression.startsWith("up")).toBe(true)
    expect(names.filter((name) => !isDocumented(name))).toEqual([])
    expect(labels.filter((label) => !["le", "job"].includes(label) && !attributes.has(label))).toEqual([])
  })

  it("name in their texts only what their expressions are grouped by", () => {
    for (const { annotations, expr } of alerts.groups[0].rules) {
      const grouped = expr.startsWith("up") ? ["instance"] : namesIn(expr).labels
      for (const [, label] of annotations.summary.matchAll(/\$labels\.(\w+)/g)) expect(grouped).toContain(label)
    }
  })

  it("would notice a metric that is not there", () => {
    expect(isDocumented("understudy_callz")).toBe(false)
    expect(isDocumented("understudy_calls_bucket")).toBe(false)
    expect(namesIn('sum by (a) (rate(understudy_calls{b="c"}[5m]))')).toEqual({
      labels: ["a", "b"],
      names: ["understudy_calls"]
    })
  })
})

it("the configuration is one, and shares over the Valkey of its neighbours", async () => {
  const names = ["REDIS_PASSWORD", "APP_KEY", "DASHSCOPE_API_KEY", "DEEPSEEK_API_KEY"]
  const env = Object.fromEntries(names.map((name) => [name, `sk-demo-${name.toLowerCase()}`]))
  const config = await Effect.runPromise(
    UnderstudyConfig.fromYaml(read("understudy.yaml"), { source: "understudy.yaml", env })
  )
  const { hostname } = new URL(config.server.replicas?.url ?? "")
  const compose = parse(read("compose.yaml"), { merge: true })
  expect(Object.keys(compose.services)).toContain(hostname)
  const given = compose.services["understudy-1"].environment
  expect(Object.keys(given).sort()).toEqual([...names].sort())
  const kinds = parseAllDocuments(read("kubernetes/understudy.yaml")).map((each) => each.toJS())
  expect(kinds.some(({ kind, metadata }) => kind === "Service" && metadata.name === hostname)).toBe(true)
})

it("compose mounts files that are there, and volumes and configs that it names", () => {
  const { configs, services, volumes } = parse(read("compose.yaml"), { merge: true })
  for (const service of Object.values<any>(services)) {
    for (const mount of service.volumes ?? []) {
      const [from] = mount.split(":")
      expect(from.startsWith(".") ? existsSync(path.join(folder, from)) : from in volumes, mount).toBe(true)
    }
    for (const { source } of service.configs ?? []) expect(Object.keys(configs)).toContain(source)
    if (service.build !== undefined)
      expect(existsSync(path.join(folder, service.build.context, service.build.dockerfile))).toBe(true)
  }
  const targets = parse(read("prometheus.yml")).scrape_configs.flatMap((each: any) => each.static_configs[0].targets)
  for (const target of targets) expect(Object.keys(services)).toContain(target.split(":")[0])
})

it("the manifests refer to what they hold, and keep a pod in service until another one is ready", () => {
  const all = parseAllDocuments(read("kubernetes/understudy.yaml")).map((each) => {
    expect(each.errors).toEqual([])
    return each.toJS()
  })
  const pods = all.filter(({ kind }) => kind === "Deployment").map(({ spec }) => spec.template)
  for (const { kind, spec } of all) {
    const selector = kind === "Service" ? spec.selector : spec.selector.matchLabels
    const pod = pods.find(({ metadata }) => metadata.labels.app === selector.app)
    expect(pod, kind).toBeDefined()
    const names = pod.spec.containers[0].ports.map(({ name }: any) => name)
    for (const { targetPort } of spec.ports ?? []) expect(names).toContain(targetPort)
    for (const probe of ["readinessProbe", "livenessProbe"])
      expect([...names, undefined]).toContain(pod.spec.containers[0][probe]?.httpGet?.port)
  }
  for (const { spec } of pods) {
    const [{ volumeMounts = [] }] = spec.containers
    const volumes = (spec.volumes ?? []).map(({ name }: any) => name)
    for (const { name } of volumeMounts) expect(volumes).toContain(name)
  }
  const [gateway] = all
  expect(gateway.spec.strategy.rollingUpdate.maxUnavailable).toBe(0)
  expect(gateway.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30 + 5)
})

it("the images start a file that is there, on the Node that the project is tested on", () => {
  const { engines } = JSON.parse(readFileSync(path.join(root, "packages/cli/package.json"), "utf8"))
  for (const file of [path.join(root, "Dockerfile"), path.join(folder, "Dockerfile")]) {
    const text = readFileSync(file, "utf8")
    const [, command] = /^ENTRYPOINT (.+)$/m.exec(text) ?? []
    expect(existsSync(path.join(root, JSON.parse(command ?? "[]")[1]))).toBe(true)
    for (const [, major] of text.matchAll(/^FROM node:(\d+)/gm))
      expect(Number(major)).toBeGreaterThanOrEqual(Number(/\d+/.exec(engines.node)?.[0]))
  }
})

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0

it.skipIf(!hasSystemd)("systemd takes the unit without a word", () => {
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", path.join(folder, "understudy.service")])
  expect(stderr.toString()).toBe("")
  expect(status).toBe(0)
})

it("every file stands in both tables of the folder", () => {
  const files = globSync("**/*.{yaml,yml,json,service}", { cwd: folder }).filter(
    (file) => !/provisioning|datasource/.test(file)
  )
  for (const readme of ["README.md", "README.zh-CN.md"])
    for (const file of files) expect(read(readme)).toContain(`](${file})`)
})
