/** `npm run fuzz:http`: raw HTTP requests against a gateway by the ten thousands. Exits 1 when a promise is broken. */
import { parseArgs } from "node:util"
import { type Broken, caseOf, HttpFuzz } from "./RawHttp.ts"

const { values } = parseArgs({
  options: { runs: { type: "string", default: "10000" }, seed: { type: "string", default: "1" } }
})
const runs = Number(values.runs)
const first = Number(values.seed)
if (!Number.isSafeInteger(runs) || !Number.isSafeInteger(first) || runs < 1) {
  console.error("npm run fuzz:http -- [--runs N] [--seed N]: both are whole numbers")
  process.exit(2)
}

const lanes = Math.min(runs, 256)
const fuzz = await HttpFuzz.make()
const mebibytes = (): number => Math.round(process.memoryUsage().rss / 2 ** 20)
const failures: Array<Broken> = []
const report = (ran: number): void => {
  const seen = [...fuzz.seen].sort(([a], [b]) => a - b).map(([status, count]) => `${status || "closed"}: ${count}`)
  console.log(`${ran} requests, RSS ${mebibytes()} MiB; ${seen.join(", ")}`)
}
let ran = 0
while (ran < runs && failures.length < 20) {
  const length = Math.min(lanes, runs - ran)
  const found = await fuzz.run(Array.from({ length }, (_, lane) => caseOf(first + ran + lane)))
  for (const each of found) console.log(`seed ${each.seed}: ${each.why}\n  sent ${each.sent}\n  got ${each.answer}`)
  failures.push(...found)
  if (ran % (lanes * 40) === 0) report(ran + length)
  ran += length
}
report(ran)
await fuzz.close()
process.exit(failures.length > 0 ? 1 : 0)
