/** What the environment says of the model to ask, through Effect's `Config`; see `ChatModel.layerConfig`. */
import * as Config from "effect/Config"

const setting = (name: string): Config.Config<string | undefined> =>
  Config.map(Config.withDefault(Config.String(name), ""), (value) => (value === "" ? undefined : value))

/** The settings; what is empty is not set. */
export const all = Config.all({
  baseUrl: setting("UNDERSTUDY_BASE_URL"),
  apiKey: setting("UNDERSTUDY_API_KEY"),
  model: setting("UNDERSTUDY_MODEL"),
  path: setting("UNDERSTUDY_CONFIG")
})
