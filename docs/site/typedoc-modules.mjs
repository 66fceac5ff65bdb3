// What TypeDoc does not know of our modules. It names one after its path ("packages_core_src"); readers import "@understudy/core".
// And it takes no header for a module's text that has no tag of TypeDoc's own in it.
import { Comment, ReflectionKind } from "typedoc"

const headerOf = (text) => {
  const [, header = ""] = /^(?:#![^\n]*\n)?\s*\/\*\*(.*?)\*\//s.exec(text) ?? []
  return header
    .replace(/^ *\* ?/gm, "")
    .replace(/^@see /gm, "**See** ")
    .replace(/\{@link(?:code|plain)? ([^}|]+?)(?:\s*\|[^}]*)?\}/g, "`$1`")
    .trim()
}

export function load(app) {
  app.converter.on("createDeclaration", (context, reflection) => {
    const [, folder, file = ""] = /^(?:packages\/)?([^/]+)\/src(\/.+)?$/.exec(reflection.name) ?? []
    if (folder !== undefined) reflection.name = `@understudy/${folder}${file}`
    if (!reflection.kindOf([ReflectionKind.Module, ReflectionKind.Namespace]) || reflection.hasComment()) return
    const module = context
      .getSymbolFromReflection(reflection)
      ?.declarations?.find((each) => each.fileName !== undefined)
    const text = module === undefined ? "" : headerOf(module.text)
    if (text !== "") reflection.comment = new Comment([{ kind: "text", text }])
  })
}
