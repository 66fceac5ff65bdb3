// TypeDoc names a module after its path ("packages_core_src"); readers import "@understudy/core", so the pages say that.
export function load(app) {
  app.converter.on("createDeclaration", (_context, reflection) => {
    const [, folder, file = ""] = /^(?:packages\/)?([^/]+)\/src(\/.+)?$/.exec(reflection.name) ?? []
    if (folder !== undefined) reflection.name = `@understudy/${folder}${file}`
  })
}
