#!/usr/bin/env node
/** The command `understudy`. */
import { enableCompileCache } from "node:module"

// Saves a third of the start-up time from the second start on; where it cannot write, it does nothing.
enableCompileCache()

const { main } = await import("./Process.ts")
main(process.argv.slice(2))
