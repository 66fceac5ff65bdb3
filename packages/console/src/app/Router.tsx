/** The pages at their addresses, each loaded when it is gone to. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Link,
  lazyRouteComponent
} from "@tanstack/react-router"
import { pages } from "../pages/registry.ts"
import { useTexts } from "../text/Language.tsx"
import { Button } from "../ui/Button.tsx"
import { Bones, Empty } from "../ui/States.tsx"
import { shellTexts } from "./messages.ts"
import { Shell } from "./Shell.tsx"

const NotFound = () => {
  const { notFound, notFoundHelp, toOverview } = useTexts(shellTexts)
  return (
    <Empty title={notFound} action={<Link to="/">{toOverview}</Link>}>
      {notFoundHelp}
    </Empty>
  )
}

const Broken = ({ error }: ErrorComponentProps) => {
  const { broken, reload } = useTexts(shellTexts)
  return (
    <Empty
      title={broken}
      action={
        <Button icon="refresh" onClick={() => location.reload()}>
          {reload}
        </Button>
      }
    >
      {error instanceof Error ? error.message : String(error)}
    </Empty>
  )
}

const root = createRootRoute({ component: () => <Shell pages={pages} />, notFoundComponent: NotFound })

const routes = pages.map(({ load, path }) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) })
)

/** The router. */
export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: "intent",
  defaultPendingComponent: () => <Bones />,
  defaultPendingMs: 150,
  defaultErrorComponent: Broken,
  scrollRestoration: true
})
