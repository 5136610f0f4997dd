// @ts-nocheck: runs in a browser, whose names this project does not have
// Search over all pages: every word must occur, a word in a heading counts more than one in the text. The index comes as
// a script when the field is first used, for a page opened as a file may not fetch.
(() => {
  const input = document.getElementById("site-query");
  const list = document.getElementById("site-results");
  const status = document.getElementById("site-status");
  const MOST = 12;
  const AROUND = 70;
  let loading = null;

  const load = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = "assets/search-index.js";
      script.onload = () => resolve(globalThis.labelfreeSections);
      script.onerror = () => reject(new Error("the search index is missing"));
      document.head.append(script);
    });
    return loading;
  };

  const fold = (text) => text.normalize("NFC").toLowerCase();

  function scoreOf([, title, heading, text], words) {
    const [inTitle, inHeading, inText] = [title, heading, text].map(fold);
    let score = 0;
    for (const word of words) {
      const at = inText.indexOf(word);
      const points = (inHeading.includes(word) ? 8 : 0) + (inTitle.includes(word) ? 4 : 0) + (at >= 0 ? 1 : 0);
      if (points === 0) return 0;
      score += points;
    }
    return fold(`${heading} ${text}`).includes(words.join(" ")) ? score + 2 : score;
  }

  function appendMarked(element, text, words) {
    const low = fold(text);
    for (let at = 0; at < text.length; ) {
      const hits = words.map((word) => ({ word, index: low.indexOf(word, at) })).filter(({ index }) => index >= 0);
      hits.sort((a, b) => a.index - b.index || b.word.length - a.word.length);
      if (hits.length === 0 || low.length !== text.length) {
        element.append(text.slice(at));
        return;
      }
      const [{ word, index }] = hits;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(index, index + word.length);
      element.append(text.slice(at, index), mark);
      at = index + word.length;
    }
  }

  function resultOf([href, title, heading, text], words) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = href;
    const head = document.createElement("strong");
    appendMarked(head, heading === "" || heading === title ? title : heading, words);
    link.append(head);
    if (heading !== "" && heading !== title) {
      const page = document.createElement("span");
      page.className = "page";
      page.textContent = title;
      link.append(page);
    }
    const at = Math.max(0, ...words.map((word) => fold(text).indexOf(word)));
    const start = Math.max(0, at - AROUND);
    const cut = text.slice(start, at + 2 * AROUND).trim();
    if (cut !== "") {
      const snippet = document.createElement("span");
      snippet.className = "snippet";
      appendMarked(snippet, `${start > 0 ? "… " : ""}${cut}${start + cut.length < text.length ? " …" : ""}`, words);
      link.append(snippet);
    }
    item.append(link);
    return item;
  }

  const close = () => {
    list.hidden = true;
    list.replaceChildren();
  };

  async function search() {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    if (words.length === 0) {
      close();
      status.textContent = "";
      return;
    }
    let sections;
    try {
      sections = await load();
    } catch (error) {
      status.textContent = error.message;
      return;
    }
    if (fold(input.value).split(/\s+/).filter(Boolean).join(" ") !== words.join(" ")) return; // typed on since
    const found = sections
      .map((section, order) => ({ section, order, score: scoreOf(section, words) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || a.order - b.order);
    const items = found.slice(0, MOST).map(({ section }) => resultOf(section, words));
    const none = document.createElement("li");
    none.className = "none";
    none.textContent = `Nothing has “${input.value.trim()}”`;
    list.replaceChildren(...(items.length === 0 ? [none] : items));
    list.hidden = false;
    const count = found.length === 1 ? "1 place" : `${found.length} places`;
    status.textContent =
      found.length === 0 ? "nothing found" : `${count} found${found.length > MOST ? `, the first ${MOST} shown` : ""}`;
  }

  input.addEventListener("focus", () => void load().catch(() => {}), { once: true });
  input.addEventListener("input", () => void search());
  input.addEventListener("focus", () => void search());
  document.addEventListener("keydown", (event) => {
    const isTyping =
      event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  document.querySelector(".search").addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape") {
      close();
      input.value = "";
      status.textContent = "";
      input.focus();
    } else if (event.key === "ArrowDown" && links.length > 0) {
      event.preventDefault();
      links[Math.min(at + 1, links.length - 1)].focus();
    } else if (event.key === "ArrowUp" && links.length > 0) {
      event.preventDefault();
      if (at <= 0) input.focus();
      else links[at - 1].focus();
    } else if (event.key === "Enter" && at < 0 && links.length > 0) {
      links[0].click();
    }
  });
  document.addEventListener("click", (event) => {
    const isWithin = event.target.closest(".search") !== null;
    if (!isWithin || event.target.closest("#site-results a") !== null) close();
  });
})();
