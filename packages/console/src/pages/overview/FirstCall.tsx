/** How to send the first call, ready to be pasted: as long as there was none. */
import { useState } from "react"
import { useVersion } from "../../api/queries.ts"
import { useTexts } from "../../text/Language.tsx"
import { Copy } from "../../ui/Copy.tsx"
import { Segments } from "../../ui/Fields.tsx"
import { texts } from "./messages.ts"
import { languages, snippetOf } from "./snippets.ts"

/** The panel; `model` is one that a route answers for. */
export const FirstCall = ({ model }: { readonly model: string }) => {
  const t = useTexts(texts)
  const { data } = useVersion()
  const [language, setLanguage] = useState<(typeof languages)[number]["value"]>("curl")
  const code = snippetOf(language, { url: data?.gateway ?? "http://127.0.0.1:8000", model, key: t.yourKey })
  return (
    <section className="panel" aria-label={t.firstCall}>
      <header>
        <div>
          <h2>{t.firstCall}</h2>
          <p className="quiet">{t.firstCallLead}</p>
        </div>
        <Segments label={t.firstCall} value={language} options={languages} onChange={setLanguage} />
        <Copy text={code} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keyboard */}
      <pre className="code" tabIndex={0}>
        {code}
      </pre>
    </section>
  )
}
