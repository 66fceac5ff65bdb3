#!/usr/bin/env node
// The command as npm links it: the built program where there is one, in a clone that was not built its sources.
import { existsSync } from "node:fs"

const [major, minor] = process.versions.node.split(".").map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(`understudy needs Node 22.19 or later, this is ${process.version}. 需要 Node 22.19 或更高版本。`)
  process.exit(2)
}

const built = new URL("../dist/main.js", import.meta.url)
if (existsSync(built)) await import(built.href)
else {
  const { registerHooks } = await import("node:module")
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier.startsWith("@understudy/")
        ? next(specifier, { ...context, conditions: [...context.conditions, "source"] })
        : next(specifier, context)
  })
  await import("../src/main.ts")
}
