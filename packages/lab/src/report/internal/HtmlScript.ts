/** What the page does: it filters, sorts, changes its language, and finds the call of a mark. Without it everything is still there. */

/** The script; it touches nothing but the page. */
export const script = `
"use strict";
(() => {
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);
  const all = (query, from = document) => [...from.querySelectorAll(query)];
  const runs = all(".run");
  const speak = (language) => {
    root.lang = language;
    for (const element of all("[data-en]")) {
      const text = element.dataset[language];
      if (element.tagName === "OPTION") element.textContent = text;
      else element.setAttribute("aria-label", text);
      if (element.tagName === "INPUT") element.placeholder = text;
    }
  };
  const filter = () => {
    const name = find("name").value.trim().toLowerCase();
    const kind = find("kind").value;
    const call = find("call").value.trim();
    const failed = find("failed").checked;
    let shown = 0;
    for (const run of runs) {
      const rows = all("tr[data-c]", run);
      const hits = rows.filter((row) => call === "" || row.dataset.c === call);
      for (const row of rows) row.hidden = !hits.includes(row);
      const fits = run.dataset.name.toLowerCase().includes(name) && (!failed || run.dataset.passed === "no") &&
        (kind === "" || run.dataset.kinds.split(" ").includes(kind)) && (call === "" || hits.length > 0);
      run.hidden = !fits;
      find("row-" + run.id).hidden = !fits;
      if (fits) shown++;
      if (fits && call !== "") { run.open = true; for (const part of all(".calls", run)) part.open = true; }
    }
    find("nothing").hidden = shown > 0 || runs.length === 0;
    document.body.classList.toggle("no-probes", !find("probes").checked);
  };
  const sort = (head, column) => {
    const body = head.closest("table").tBodies[0];
    const rows = [...body.rows];
    const cell = (row) => row.cells[column];
    const isNumber = rows.length > 0 && "v" in cell(rows[0]).dataset;
    const was = head.getAttribute("aria-sort");
    const up = was === null ? !isNumber : was === "descending";
    const compare = (a, b) => isNumber ? cell(a).dataset.v - cell(b).dataset.v : cell(a).textContent.localeCompare(cell(b).textContent);
    for (const other of all("th[aria-sort]")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const main = find("nothing").parentElement;
    for (const row of rows.sort((a, b) => up ? compare(a, b) : compare(b, a))) {
      body.append(row);
      main.append(find(row.id.slice(4)));
    }
  };
  all(".list th").forEach((head, column) => {
    if (head.textContent === "") return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(head, column));
  });
  const reveal = (row) => {
    for (let part = row; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    for (const other of all("tr.here")) other.classList.remove("here");
    row.classList.add("here");
    row.scrollIntoView({ block: "center" });
  };
  const follow = (hash) => {
    const to = find(decodeURIComponent(hash.slice(1)));
    if (to?.tagName === "DETAILS") to.open = true;
    else if (to) reveal(to);
  };
  find("filter").hidden = false;
  find("filter").addEventListener("input", filter);
  find("filter").addEventListener("submit", (event) => event.preventDefault());
  find("speak").hidden = false;
  find("speak").addEventListener("click", () => speak(root.lang === "zh" ? "en" : "zh"));
  document.addEventListener("click", (event) => {
    const mark = event.target.closest("svg [data-c]");
    const row = mark && find(mark.closest(".run").id + "-" + mark.dataset.c);
    if (row) reveal(row);
    const link = event.target.closest("a[href^='#']");
    if (link) follow(link.hash);
  });
  let closed = [];
  addEventListener("beforeprint", () => { closed = runs.filter((run) => !run.open); for (const run of closed) run.open = true; });
  addEventListener("afterprint", () => { for (const run of closed) run.open = false; });
  speak(root.lang);
  filter();
  follow(location.hash);
})();
`
