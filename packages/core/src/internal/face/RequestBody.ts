/**
 * Reads a request's JSON body as far as every endpoint needs it: an object that names a model.
 */

import type { ModelRequest } from "../../wire/ChatCompletion.ts"
import * as Json from "../wire/Json.ts"
import * as JsonPosition from "./JsonPosition.ts"
import * as Problem from "./Problem.ts"

/** The fields of a body. */
export type Fields = Readonly<Record<string, unknown>>

/** Longest model name that is taken, in characters: it goes into headers, logs and errors. */
export const maxModel = 256

const nameOf = (value: unknown): string => {
  if (value === null) return "null"
  if (Array.isArray(value)) return "an array"
  return typeof value === "object" ? "an object" : `a ${typeof value}`
}

/** A field of the wrong type. */
export const wrongType = (param: string, wanted: string, value: unknown): Problem.Problem =>
  Problem.badRequest(`\`${param}\` must be ${wanted}, not ${nameOf(value)}.`, param, "invalid_type")

/** A field that is not there. */
export const missing = (param: string, how: string): Problem.Problem =>
  Problem.badRequest(`\`${param}\` is missing: ${how}`, param, "missing_required_parameter")

const flawOfModel = (model: unknown): Problem.Problem | undefined => {
  if (model === undefined) return missing("model", "name the model to ask, as `GET /v1/models` lists them.")
  if (typeof model !== "string") return wrongType("model", "a string", model)
  if (model === "") return Problem.badRequest("`model` is empty: name the model to ask.", "model", "invalid_value")
  if (model.length <= maxModel) return undefined
  const says = `\`model\` has ${model.length} characters; a model's name has at most ${maxModel}.`
  return Problem.badRequest(says, "model", "invalid_value")
}

/** A body that can be used, or what is wrong with it. */
export type Parsed<R extends ModelRequest> =
  | { readonly request: R; readonly problem?: undefined }
  | { readonly request?: undefined; readonly problem: Problem.Problem }

/** Parses and checks a body that needs a `model` and one more field; `flawOf` checks what the endpoint itself depends on. */
export const parse = <R extends ModelRequest>(
  text: string,
  needed: string,
  flawOf: (fields: Fields) => Problem.Problem | undefined
): Parsed<R> => {
  const body = Json.parse(text)
  if (body === undefined) {
    const message =
      text.trim() === ""
        ? `The request body is empty: send a JSON object with \`model\` and \`${needed}\`.`
        : `The request body is not valid JSON: ${JsonPosition.describe(text)}.`
    return { problem: Problem.badRequest(message, null, "invalid_json") }
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    const message = `The request body must be a JSON object with \`model\` and \`${needed}\`, not ${nameOf(body)}.`
    return { problem: Problem.badRequest(message, null, "invalid_type") }
  }
  const fields = body as Fields
  const problem = flawOfModel(fields["model"]) ?? flawOf(fields)
  return problem === undefined ? { request: fields as R } : { problem }
}
