/**
 * The admin API as this console asks it: typed by the definition that the server is made from, and a few lines of `fetch`.
 *
 * **Details**
 *
 * - A request that is refused as nobody's (401) waits until somebody has logged in, and is sent once more: what was typed stays.
 *
 * **Gotchas**
 *
 * - Only types come from the definition: its client would cost the first page as much as all of React.
 * - An answer is taken as what the definition says; nothing checks it again in the browser. That holds as long as answers are
 *   plain JSON: a schema that decodes to something else (a date) would be a type that lies.
 *
 * **Example**
 *
 * ```ts
 * const providers = await get("/providers")
 * await post("/providers/:provider/keys/:key/test", { params: { provider: "qwen", key: "k1" } })
 * ```
 */
import type { AdminApi } from "@understudy/admin/AdminApi"

type Groups = (typeof AdminApi)["groups"]
type EndpointsOf<Group> = Group extends { readonly endpoints: infer Endpoints } ? Endpoints[keyof Endpoints] : never
type Endpoint = { readonly [Name in keyof Groups]: EndpointsOf<Groups[Name]> }[keyof Groups]

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

/** The paths below `/api/v1` that a method has. */
export type PathOf<M extends Method, E = Endpoint> = E extends {
  readonly method: M
  readonly path: `/api/v1${infer Path}`
}
  ? Path
  : never

type At<M extends Method, Path extends string> = Extract<
  Endpoint,
  { readonly method: M; readonly path: `/api/v1${Path}` }
>

type ValueOf<Schema> = Schema extends { readonly Type: infer Value } ? Value : never

/** What an endpoint answers. */
export type Answer<M extends Method, Path extends string> = ValueOf<At<M, Path>["~Success"]>

type Part<Name extends string, Schema> = [Schema] extends [never]
  ? unknown
  : Partial<ValueOf<Schema>> extends ValueOf<Schema>
    ? { readonly [N in Name]?: ValueOf<Schema> }
    : { readonly [N in Name]: ValueOf<Schema> }

/** What an endpoint wants to know. */
export type Input<M extends Method, Path extends string> = Part<"query", At<M, Path>["~Query"]> &
  Part<"payload", At<M, Path>["~Payload"]> &
  ([At<M, Path>["~Params"]] extends [never]
    ? unknown
    : { readonly params: { readonly [Name in keyof ValueOf<At<M, Path>["~Params"]>]: string | number } })

type Arguments<M extends Method, Path extends string> =
  Record<never, never> extends Input<M, Path> ? [input?: Input<M, Path> & Sending] : [input: Input<M, Path> & Sending]

interface Sending {
  readonly signal?: AbortSignal
}

/** What somebody sees of a refusal. `status` is 0 where nothing answered. */
export class ApiError extends Error {
  override readonly name = "ApiError"
  readonly status: number
  /** The error's tag in the definition; empty where the answer was none of it. */
  readonly tag: string
  /** What else the answer says: `retryAfter`, `revision`. */
  readonly detail: Readonly<Record<string, unknown>>

  constructor(status: number, tag: string, message: string, detail: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.status = status
    this.tag = tag
    this.detail = detail
  }
}

/** Who is asked to log in when a request is nobody's. */
export interface Doorkeeper {
  /** Resolves when somebody has logged in. */
  readonly enter: () => Promise<void>
}

let doorkeeper: Doorkeeper | undefined

/** Sets who is asked. */
export const setDoorkeeper = (given: Doorkeeper): void => {
  doorkeeper = given
}

interface Sent {
  readonly params?: Readonly<Record<string, string | number>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly payload?: unknown
  readonly signal?: AbortSignal
}

const toUrl = (path: string, { params = {}, query = {} }: Sent): string => {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") search.set(name, String(value))
  }
  return `/api/v1${filled}${search.size === 0 ? "" : `?${search}`}`
}

const messageOf = (body: Readonly<Record<string, unknown>>, status: number): string => {
  for (const field of ["message", "detail", "title"]) {
    if (typeof body[field] === "string" && body[field] !== "") return body[field]
  }
  return `HTTP ${status}`
}

const refusal = async (response: Response): Promise<ApiError> => {
  const body: unknown = await response.json().catch(() => undefined)
  const fields = typeof body === "object" && body !== null ? (body as Readonly<Record<string, unknown>>) : {}
  return new ApiError(response.status, String(fields["_tag"] ?? ""), messageOf(fields, response.status), fields)
}

const send = async (method: Method, path: string, sent: Sent): Promise<Response> => {
  const { payload, signal } = sent
  try {
    return await fetch(toUrl(path, sent), {
      method,
      headers: {
        accept: "application/json",
        ...(method === "GET" ? {} : { "x-understudy": "1" }),
        ...(payload === undefined ? {} : { "content-type": "application/json" })
      },
      ...(payload === undefined ? {} : { body: JSON.stringify(payload) }),
      ...(signal === undefined ? {} : { signal })
    })
  } catch (cause) {
    if (signal?.aborted === true) throw cause
    throw new ApiError(0, "Unreachable", "The gateway does not answer.")
  }
}

const isDoor = (method: Method, path: string): boolean =>
  path === "/setup" || (path === "/session" && method !== "DELETE")

/** Sends what the typed functions are given; for those who have a path that the definition does not know yet. */
export const request = async (method: Method, path: string, sent: Sent = {}): Promise<unknown> => {
  let response = await send(method, path, sent)
  if (response.status === 401 && !isDoor(method, path) && doorkeeper !== undefined) {
    await doorkeeper.enter()
    response = await send(method, path, sent)
  }
  if (!response.ok) throw await refusal(response)
  return response.status === 204 ? undefined : response.json()
}

const asking =
  <M extends Method>(method: M) =>
  <Path extends PathOf<M>>(path: Path, ...[input]: Arguments<M, Path>): Promise<Answer<M, Path>> =>
    request(method, path, input as Sent | undefined) as Promise<Answer<M, Path>>

/** Reads. */
export const get = asking("GET")

/** Does. */
export const post = asking("POST")

/** Puts something in place. */
export const put = asking("PUT")

/** Changes a part. */
export const patch = asking("PATCH")

/** Takes away. */
export const remove = asking("DELETE")
