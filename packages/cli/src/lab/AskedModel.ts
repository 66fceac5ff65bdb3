/**
 * Which model a scenario's callers ask for where the routes are one's own: the scenario's where a route takes it to the vendor that
 * the scenario is about, else one that the routes name themselves.
 */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import * as Routing from "@understudy/lab/scenario/Routing"
import type { Scenario } from "@understudy/lab/scenario/Scenario"
import * as Setup from "@understudy/lab/scenario/Setup"
import * as Catalogue from "@understudy/mocks/Catalogue"
import type { VendorName } from "@understudy/mocks/VendorList"

type Source = Scenario["source"]

/** The vendor that answers a model first. */
const firstVendor = (config: UnderstudyOptions, model: string): VendorName | undefined =>
  Routing.paths(config, model)[0]?.vendor

/** Every model that the routes, or the aliases of their providers, name themselves, and today's that a prefix takes. */
const named = ({ providers, routes }: UnderstudyOptions, vendor: VendorName): ReadonlyArray<string> => [
  ...routes.flatMap(({ match: { model } }) => ("exact" in model && model.exact !== undefined ? [model.exact] : [])),
  ...Object.values(providers).flatMap(({ aliases = {} }) => Object.keys(aliases)),
  ...Catalogue.listed(vendor)
]

/** The model to ask for in place of the scenario's; itself where nothing better is known. */
export const of = (scenario: Scenario, config: UnderstudyOptions, model: string): string => {
  const vendor = Setup.paths(scenario, model)[0]?.vendor
  if (vendor === undefined || firstVendor(config, model) === vendor) return model
  return named(config, vendor).find((name) => firstVendor(config, name) === vendor) ?? model
}

/**
 * Lets the callers ask for other models, and faults be about what the vendor is asked for then; `given` for every call where there is
 * one.
 */
export const into = (
  scenario: Scenario,
  config: UnderstudyOptions,
  given: string | undefined
): Pick<Source, "faults" | "phases" | "traffic"> => {
  const { faults, phases, traffic } = scenario.source
  const asked = (model: string): string => given ?? of(scenario, config, model)
  const models = [traffic.model, ...(traffic.calls ?? []).flatMap(({ model }) => model ?? [])]
  // What the vendor is asked for, before and now.
  const upstream = new Map(
    models.map((model) => [Setup.paths(scenario, model)[0]?.model, Routing.paths(config, asked(model))[0]?.model])
  )
  const renamed = <Fault extends { readonly model?: string }>(fault: Fault): Fault => {
    const model = upstream.get(fault.model)
    return fault.model === undefined || model === undefined ? fault : { ...fault, model }
  }
  return {
    traffic: {
      ...traffic,
      model: asked(traffic.model),
      ...(traffic.calls === undefined
        ? {}
        : {
            calls: traffic.calls.map((call) =>
              call.model === undefined ? call : { ...call, model: asked(call.model) }
            )
          })
    },
    ...(faults === undefined ? {} : { faults: faults.map(renamed) }),
    ...(phases === undefined
      ? {}
      : {
          phases: phases.map((phase) =>
            phase.faults === undefined ? phase : { ...phase, faults: phase.faults.map(renamed) }
          )
        })
  }
}
