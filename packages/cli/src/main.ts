#!/usr/bin/env node
/** The command `understudy`. */
import { main } from "./Process.ts"

main(process.argv.slice(2))
