/** `npm run settings`: writes what is made from the schemas anew, the tables of the guide and the JSON Schemas. */
import { writeFileSync } from "node:fs"
import { files } from "./Written.ts"

for (const { file, kept, right } of files()) if (right !== kept) writeFileSync(file, right)
