import { defineConfig } from "vitest/config"

export default defineConfig({
  // Plain `resolve.conditions` does not reach tests: vitest resolves them as server code.
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["{packages/*,mocks}/test/**/*.test.ts", "test/**/*.test.ts", "docs/{examples,site}/**/*.test.ts"],
    environment: "node",
    // One of the AI SDK's dependencies has a `source` condition of its own, which Node cannot run: vite can.
    server: { deps: { inline: [/node_modules\/(?:ai|ai-fallback|ai-retry|@ai-sdk\/[\w-]+|eventsource-parser)\//] } },
    // By default one core is left to the watcher, which on two cores halves the speed.
    maxWorkers: "100%",
    testTimeout: 10_000,
    hookTimeout: 10_000
  }
})
