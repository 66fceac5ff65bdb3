/** Gives Mantine our tokens, its nonce, and the colours that were chosen; the only room that knows how it is set up. */
import "@mantine/core/styles/baseline.css"
import "@mantine/core/styles/default-css-variables.css"
import "@mantine/core/styles/global.css"
import "@mantine/core/styles/ScrollArea.css"
import "@mantine/core/styles/UnstyledButton.css"
import "@mantine/core/styles/Paper.css"
import "@mantine/core/styles/Popover.css"
import "@mantine/core/styles/CloseButton.css"
import "@mantine/core/styles/Overlay.css"
import "@mantine/core/styles/ModalBase.css"
import "@mantine/core/styles/Modal.css"
import "@mantine/core/styles/Drawer.css"
import "@mantine/core/styles/ActionIcon.css"
import "@mantine/core/styles/Input.css"
import "@mantine/core/styles/InlineInput.css"
import "@mantine/core/styles/PasswordInput.css"
import "@mantine/core/styles/Combobox.css"
import "@mantine/core/styles/Tooltip.css"
import "@mantine/core/styles/Menu.css"
import "@mantine/core/styles/Switch.css"
import "./tokens.css"
import "./ui.css"
import "./mantine.css"
import { createTheme, localStorageColorSchemeManager, MantineProvider, useMantineColorScheme } from "@mantine/core"
import { setNonce } from "get-nonce"
import { type ReactNode, useSyncExternalStore } from "react"

/** The nonce of the document's policy; empty where there is none. */
export const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? ""

// The lock of scrolling behind a dialog makes a style of its own.
setNonce(nonce)

const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true
})

const manager = localStorageColorSchemeManager({ key: "understudy.theme" })

/** The look of everything below. */
export const Theme = ({ children }: { readonly children: ReactNode }) => (
  <MantineProvider theme={theme} colorSchemeManager={manager} defaultColorScheme="auto" getStyleNonce={() => nonce}>
    {children}
  </MantineProvider>
)

/** What one may choose; `auto` is the system's. */
export type Scheme = "light" | "dark" | "auto"

/** The colours that were chosen, and how to choose others. */
export const useScheme = (): { readonly scheme: Scheme; readonly setScheme: (scheme: Scheme) => void } => {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return { scheme: colorScheme, setScheme: setColorScheme }
}

const watchRoot = (changed: () => void) => {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] })
  return () => observer.disconnect()
}

/** `light` or `dark`, as it is shown now: for what is drawn without CSS. */
export const useShownScheme = (): "light" | "dark" =>
  useSyncExternalStore(watchRoot, () =>
    document.documentElement.dataset["mantineColorScheme"] === "dark" ? "dark" : "light"
  )
