/**
 * The content of a message, as a stream says it piece by piece: texts, or lists of parts (Mistral's reasoning models send
 * `thinking` and `text`, multimodal ones images and audio).
 *
 * Texts alone stay one text. Once a part has come, all is a list: a text becomes a part, and what goes on with the part
 * before it (the same `type`, another piece of its text) is joined to it. An image or a sound is always a part of its own.
 */
import * as Join from "./Join.ts"

/** Content so far; undefined while nothing has come. */
export type Content = string | Array<unknown> | undefined

/** Types of parts that come in pieces, as far as they are known: what is called something else stands alone. */
const pieces = /text|thinking|reasoning|summary|refusal/

const ofPart: Join.Rule = { texts: "join", lists: "append" }

const toPart = (value: unknown): unknown =>
  typeof value === "string" || typeof value === "number" ? { type: "text", text: String(value) } : value

const goesOn = (before: Join.Fields, part: Join.Fields): boolean =>
  typeof part["type"] === "string" &&
  before["type"] === part["type"] &&
  pieces.test(part["type"]) &&
  before["index"] === part["index"] &&
  (part["id"] == null || before["id"] == null || before["id"] === part["id"])

/** Parts of parts of parts are taken as they are. */
const maxDepth = 3

/** Joins a part into one; what it holds in lists (Mistral's thinking is a list of texts) is joined the same way. */
const into = (target: Join.Fields, part: Join.Fields, depth: number): Join.Fields => {
  for (const name of Object.keys(part)) {
    const [before, value] = [target[name], part[name]]
    if (!Array.isArray(value) || (before != null && !Array.isArray(before)) || depth === maxDepth)
      Join.field(target, name, value, ofPart)
    else {
      const list: Array<unknown> = before ?? []
      for (const inner of value) add(list, inner, depth + 1)
      target[name] = list
    }
  }
  return target
}

/** Adds a part to a list of them: joined to the one that it goes on with, else behind the others. */
export const add = (list: Array<unknown>, part: unknown, depth = 0): void => {
  if (part === null || part === undefined) return
  if (!Join.isFields(part)) {
    list.push(part)
    return
  }
  // Numbered parts may take turns; others go on only with the one right before them.
  const numbered = typeof part["index"] === "number"
  const before = numbered ? list.findLast((each) => Join.isFields(each) && goesOn(each, part)) : list.at(-1)
  if (Join.isFields(before) && goesOn(before, part)) into(before, part, depth)
  else list.push(into({}, part, depth))
}

/** The content with one more piece of it. */
export const join = (content: Content, piece: unknown): Content => {
  if (piece === null || piece === undefined) return content
  if (Array.isArray(piece) && piece.length === 0 && content !== undefined) return content
  if (!Array.isArray(content) && (typeof piece === "string" || typeof piece === "number")) {
    return (content ?? "") + String(piece)
  }
  const list: Array<unknown> = Array.isArray(content) ? content : []
  if (typeof content === "string" && content !== "") add(list, toPart(content))
  for (const part of Array.isArray(piece) ? piece : [piece]) if (part !== "") add(list, toPart(part))
  return list
}
