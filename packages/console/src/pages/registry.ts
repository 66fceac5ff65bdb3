/** The pages, in the order of the navigation: a page is a folder here and a line in this list. */
import type { Page } from "../app/Page.ts"
import { overview } from "./overview/page.ts"
import { providers } from "./providers/page.ts"
import { call, requests } from "./requests/page.ts"

/** Every page. */
export const pages: ReadonlyArray<Page> = [overview, requests, call, providers]
