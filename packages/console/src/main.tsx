/** Starts the console. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { RouterProvider } from "@tanstack/react-router"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { ApiError } from "./api/Api.ts"
import { router } from "./app/Router.tsx"
import { SessionProvider } from "./app/Session.tsx"
import { LanguageProvider } from "./text/Language.tsx"
import { Theme } from "./ui/Theme.tsx"
import "./app/app.css"

/** A gateway that is away or fails is asked until it is back; what it refuses for a reason is not asked again. */
const isPassing = (error: Error): boolean => !(error instanceof ApiError) || error.status === 0 || error.status >= 500

const client = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (_, error) => isPassing(error),
      retryDelay: (tries) => Math.min(4_000, 500 * 2 ** tries),
      staleTime: 5_000,
      // A gateway on this machine is there without a network.
      networkMode: "always"
    },
    mutations: { networkMode: "always" }
  }
})

const root = document.getElementById("root")
if (root === null) throw new Error("the document has no #root")
createRoot(root).render(
  <StrictMode>
    <Theme>
      <LanguageProvider>
        <QueryClientProvider client={client}>
          <SessionProvider>
            <RouterProvider router={router} />
          </SessionProvider>
        </QueryClientProvider>
      </LanguageProvider>
    </Theme>
  </StrictMode>
)
