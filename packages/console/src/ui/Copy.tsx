/** Puts a text on the clipboard, and says so. */
import { useState } from "react"
import { define, useTexts } from "../text/Language.tsx"
import { Button } from "./Button.tsx"

const texts = define({ en: { copy: "Copy", copied: "Copied" }, zh: { copy: "复制", copied: "已复制" } })

/** The clipboard is there on secure origins only; elsewhere the old way is the only one. */
const copy = async (text: string): Promise<void> => {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text)
  const area = document.createElement("textarea")
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand("copy")
  area.remove()
}

/** A button that copies; it says for two seconds that it has. */
export const Copy = ({ label, text }: { readonly text: string; readonly label?: string }) => {
  const t = useTexts(texts)
  const [done, setDone] = useState(false)
  const onClick = async (): Promise<void> => {
    await copy(text)
    setDone(true)
    setTimeout(() => setDone(false), 2_000)
  }
  return (
    <Button size="small" icon={done ? "check" : "copy"} onClick={() => void onClick()} aria-live="polite">
      {done ? t.copied : (label ?? t.copy)}
    </Button>
  )
}
