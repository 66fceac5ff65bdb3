/**
 * What to use instead of an endpoint that is not here: the other wires that clients speak, and the other things that vendors
 * offer.
 */

interface Row {
  readonly path: RegExp
  readonly instead: string
}

const chat = "POST /v1/chat/completions"

const rows: ReadonlyArray<Row> = [
  { path: /\/responses(\/.*)?$/, instead: `Clients that can choose their wire: take chat completions, ${chat}.` },
  { path: /\/messages(\/.*)?$|\/complete$/, instead: `Use a client of OpenAI's: ${chat}.` },
  { path: /:(stream)?generateContent$/i, instead: `Use a client of OpenAI's: ${chat}.` },
  { path: /:(batch)?embedContents?$/i, instead: "Use a client of OpenAI's: POST /v1/embeddings." },
  { path: /\/api\/(chat|generate)$/, instead: `Use a client of OpenAI's, with a base URL that ends in /v1: ${chat}.` },
  { path: /\/api\/(embed|embeddings)$/, instead: "Use a client of OpenAI's: POST /v1/embeddings." },
  { path: /\/api\/(tags|show|ps|version)$/, instead: "The models are at GET /v1/models." },
  {
    path: /\/v1\/engines\/.+\/(completions|embeddings)$/,
    instead: "Name the model in the body: POST /v1/completions."
  },
  { path: /\/v1\/engines(\/.*)?$/, instead: "The models are at GET /v1/models." },
  {
    path: /\/(audio|images|videos|files|uploads|batches|moderations|fine_tuning|rerank|assistants|threads|vector_stores|realtime|conversations|containers|evals|organization)(\/.*)?$/,
    instead: "Ask the vendor for that directly: this gateway answers chats and embeddings."
  }
]

/** What to use instead of a path that is not here; undefined for a path that nobody has. */
export const insteadOf = (path: string): string | undefined => rows.find((row) => row.path.test(path))?.instead
