/** What comes with a request beside its body and its authorization, as one text. */

/** The query and the other headers, a line each. */
export const besideOf = (query: string, headers: Readonly<Record<string, unknown>>): string =>
  [query, ...Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`)]
    .filter((line) => !line.toLowerCase().startsWith("authorization:"))
    .join("\n")
