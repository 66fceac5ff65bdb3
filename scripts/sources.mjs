// `node --import ./scripts/sources.mjs file.ts`: this repository's packages from their sources. Unlike `--conditions=source` it leaves
// alone the packages of others that have a condition of that name.
import { registerHooks } from "node:module"

registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith("@understudy/")
      ? next(specifier, { ...context, conditions: [...context.conditions, "source"] })
      : next(specifier, context)
})
