/**
 * The site's one search, over guides, references and modules. A plain script, for pages that are opened from disk cannot import.
 * Words may be Chinese: what is asked is looked for as it stands, so that nothing has to be cut into words.
 */
;(() => {
  /** How well an entry answers a word: its title counts most, then its page's, then how often its text has it. */
  const score = (entry, word) => {
    const title = entry.title.toLowerCase()
    const text = entry.text.toLowerCase()
    const times = text.split(word).length - 1
    // What a page begins with is what it is about.
    const begins = entry.kind === "page" && text.slice(0, 100).includes(word) ? 15 : 0
    const page = entry.page?.toLowerCase().includes(word) ? 20 : 0
    const own = title === word ? 100 : title.startsWith(word) ? 60 : title.includes(word) ? 40 : page
    return own + begins + Math.min(times, 10)
  }

  /** The entries that have every word that was asked, best first; those in the reader's language before others as good. */
  const find = (entries, query, language) => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean)
    if (words.length === 0) return []
    const found = []
    for (const entry of entries) {
      const scores = words.map((word) => score(entry, word))
      if (scores.includes(0)) continue
      const own = entry.language === language ? 2 : 1
      // A guide is a better answer than a part of a page, and that than a module.
      const weight = entry.kind === "page" ? 1.3 : entry.kind === "part" ? 1.1 : 1
      found.push({ entry, score: scores.reduce((sum, each) => sum + each, 0) * own * weight })
    }
    return found.sort((one, other) => other.score - one.score).map(({ entry }) => entry)
  }

  globalThis.siteSearch = { find }
  if (typeof document === "undefined") return

  const { dataset, lang } = document.documentElement
  const root = dataset.root ?? ""
  const input = document.querySelector("#search")
  const results = document.querySelector("#results")

  const row = ({ page, title, url }) => {
    const item = document.createElement("li")
    const link = document.createElement("a")
    link.href = root + url
    link.textContent = title
    if (page && page !== title) {
      const of = document.createElement("small")
      of.textContent = page
      link.append(of)
    }
    item.append(link)
    return item
  }

  const show = () => {
    const found = find(globalThis.siteIndex ?? [], input.value, lang.slice(0, 2)).slice(0, 20)
    results.hidden = input.value.trim() === ""
    results.replaceChildren(...found.map(row))
    if (found.length === 0) results.textContent = dataset.none
  }

  /** The index is loaded by whoever searches. */
  const load = () => {
    if (document.querySelector("#index")) return
    const script = document.createElement("script")
    script.id = "index"
    script.src = `${root}index.js`
    script.onload = show
    document.head.append(script)
  }

  input.addEventListener("focus", load)
  input.addEventListener("input", () => {
    load()
    show()
  })
  input.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") results.querySelector("a")?.click()
    if (key === "Escape") {
      input.value = ""
      show()
    }
    if (key === "ArrowDown") results.querySelector("a")?.focus()
  })
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || document.activeElement === input) return
    event.preventDefault()
    input.focus()
  })

  const versions = document.querySelector("#versions")
  for (const version of globalThis.siteVersions ?? []) {
    if (version === versions.value) continue
    versions.add(new Option(version, version))
  }
  versions.addEventListener("change", () => {
    location.href = `${root}../${versions.value}/index.html`
  })
})()
