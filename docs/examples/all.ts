/**
 * `npm run examples`: runs every example of this folder and prints what it prints. Names narrow it down:
 * `npm run examples -- streaming`. Ends with 1 when one fails.
 */
import { examples } from "./catalogue.ts"

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in examples))
if (unknown.length > 0) {
  console.error(`No such example: ${unknown.join(", ")}. There are: ${Object.keys(examples).join(", ")}.`)
  process.exit(2)
}

let failed = 0
for (const [name, load] of Object.entries(examples)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const startedAt = performance.now()
  const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
  try {
    const lines = await (await load()).main()
    console.log(`${name}  ${seconds()}  ok`)
    for (const line of lines) console.log(`  ${line}`)
  } catch (error) {
    failed++
    console.log(`${name}  ${seconds()}  FAILED`)
    console.error(error)
  }
}
process.exit(failed === 0 ? 0 : 1)
