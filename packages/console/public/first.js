// Before anything is painted: the language and the colours that were chosen here, or else the system's.
;(() => {
  const stored = (name) => {
    try {
      return localStorage.getItem(name)
    } catch {
      return null
    }
  }
  const root = document.documentElement
  const theme = stored("understudy.theme")
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches)
  root.dataset.mantineColorScheme = dark ? "dark" : "light"
  const language = stored("understudy.language") ?? (navigator.language.startsWith("zh") ? "zh" : "en")
  root.lang = language === "zh" ? "zh-CN" : "en"
})()
