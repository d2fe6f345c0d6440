// Martlet's console: keys, light and dark, and pages that draw themselves anew. All of it works without this script.
(() => {
  "use strict";
  const root = document.documentElement;
  const stored = (() => { try { return localStorage.getItem("theme"); } catch { return null; } })();
  if (stored === "light" || stored === "dark") root.dataset.theme = stored;

  const places = new Map([...document.querySelectorAll("nav a[data-key]")].map((a) => [a.dataset.key, a.href]));
  const help = document.getElementById("help");
  let isGoing = false;
  let row = -1;

  const rows = () => [...document.querySelectorAll("table[data-list] tbody tr")];

  function choose(next) {
    const all = rows();
    if (all.length === 0) return;
    row = Math.max(0, Math.min(all.length - 1, next));
    all.forEach((tr, at) => { if (at === row) tr.setAttribute("aria-selected", "true"); else tr.removeAttribute("aria-selected"); });
    all[row].scrollIntoView({ block: "nearest" });
    const link = all[row].querySelector("a.go, a");
    if (link) link.focus({ preventScroll: true });
  }

  function turn() {
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* it holds for this page */ }
  }

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    const isTyping = at instanceof HTMLElement && (at.matches("input, textarea, select") || at.isContentEditable);
    if (event.key === "Escape" && isTyping) { at.blur(); return; }
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isGoing) {
      isGoing = false;
      const place = places.get(event.key);
      if (place) { event.preventDefault(); location.href = place; }
      return;
    }
    switch (event.key) {
      case "/": { const search = document.getElementById("search"); if (search) { event.preventDefault(); search.focus(); search.select(); } break; }
      case "j": choose(row + 1); break;
      case "k": choose(row - 1); break;
      case "g": isGoing = true; setTimeout(() => { isGoing = false; }, 1500); break;
      case "t": turn(); break;
      case "?": if (help && !help.open) help.showModal(); break;
    }
  });

  // A page that is live is fetched again while it is looked at and nobody types in it.
  if (document.body.dataset.live === "yes") {
    const every = 15000;
    setInterval(async () => {
      const main = document.getElementById("main");
      const at = document.activeElement;
      if (document.hidden || !main || (at && at !== document.body && main.contains(at)) || String(getSelection()) !== "") return;
      try {
        const response = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin", redirect: "error" });
        if (response.status === 401) { location.reload(); return; }
        if (!response.ok) return;
        const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("main");
        if (fresh) { main.replaceChildren(...fresh.childNodes); row = -1; }
      } catch { /* the next one may come through */ }
    }, every);
  }
})();
