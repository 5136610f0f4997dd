// @ts-nocheck: runs in a browser, whose names this project does not have
// Draws the interactive chart where the image of one stands, once it comes near the eye: values at the pointer, and the
// data as a table. A chart that cannot be drawn leaves its image. Nothing is loaded: the specs hold their data.
(() => {
  const ROWS = 200;
  const refuse = () => Promise.reject(new Error("a page loads nothing"));
  const loader = { ...vega.loader(), load: refuse, http: refuse, file: refuse, sanitize: refuse };
  const quiet = vega.logger(vega.None);

  const tip = document.createElement("div");
  tip.id = "site-tip";
  tip.hidden = true;
  document.body.append(tip);

  function textOf(value) {
    if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
    return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
  }

  /** What to tell of a mark; of a line, which vega tells of at its points alone, that of the point nearest in x. */
  function toldOf(event, value) {
    const own = event.target.__data__; // where vega keeps an SVG element's item
    const item = Array.isArray(own) ? own[0] : own;
    const matrix = event.target.getScreenCTM?.();
    if (event.type === "pointerout" || !matrix) return value;
    if (!["line", "trail", "area"].includes(item?.mark?.marktype)) return value;
    const { x } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    const [nearest] = [...item.mark.items].sort((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x));
    return nearest.tooltip ?? value;
  }

  function showTip(_handler, event, _item, told) {
    const value = toldOf(event, told);
    if (value === null || value === undefined || value === "") {
      tip.hidden = true;
      return;
    }
    const rows = typeof value === "object" ? Object.entries(value) : [["", value]];
    const list = document.createElement("dl");
    for (const [name, content] of rows) {
      const [term, detail] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = name;
      detail.textContent = textOf(content);
      list.append(term, detail);
    }
    tip.replaceChildren(list);
    tip.hidden = false;
    const { clientX: x, clientY: y } = event;
    const box = tip.getBoundingClientRect();
    tip.style.left = `${x + 14 + box.width > innerWidth ? Math.max(4, x - box.width - 14) : x + 14}px`;
    tip.style.top = `${y + 14 + box.height > innerHeight ? Math.max(4, y - box.height - 14) : y + 14}px`;
  }

  function withTips(spec) {
    const { config = {} } = spec;
    return { ...spec, config: { ...config, mark: { tooltip: true, ...config.mark } } };
  }

  /** Inline data of a spec and its parts. */
  function dataOf(part, found = new Map()) {
    if (typeof part !== "object" || part === null) return found;
    if (Array.isArray(part.data?.values) && part.data.values.length > 0)
      found.set(JSON.stringify(part.data.values), part.data.values);
    for (const values of Object.values(part.datasets ?? {})) {
      if (Array.isArray(values)) found.set(JSON.stringify(values), values);
    }
    for (const name of ["layer", "hconcat", "vconcat", "concat"])
      for (const each of part[name] ?? []) dataOf(each, found);
    if (part.spec) dataOf(part.spec, found);
    return found;
  }

  function tableOf(values) {
    const names = [
      ...new Set(
        values
          .slice(0, ROWS)
          .flatMap((row) => (typeof row === "object" && row !== null ? Object.keys(row) : ["value"])),
      ),
    ];
    const table = document.createElement("table");
    const addRow = (parent, kind, texts) => {
      const row = document.createElement("tr");
      for (const text of texts) {
        const cell = document.createElement(kind);
        if (kind === "th") cell.scope = "col";
        cell.textContent = text;
        row.append(cell);
      }
      parent.append(row);
    };
    const caption = document.createElement("caption");
    caption.textContent = values.length > ROWS ? `The first ${ROWS} of ${values.length} rows` : `${values.length} rows`;
    table.append(caption);
    addRow(table.createTHead(), "th", names);
    const body = table.createTBody();
    for (const row of values.slice(0, ROWS)) {
      addRow(
        body,
        "td",
        names.map((name) => {
          const value = typeof row === "object" && row !== null ? row[name] : row;
          return value === undefined || value === null ? "" : textOf(value);
        }),
      );
    }
    return table;
  }

  function addDataButton(figure, spec) {
    const sets = [...dataOf(spec).values()];
    if (sets.length === 0) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "data-button";
    button.textContent = "Data";
    button.setAttribute("aria-expanded", "false");
    const box = document.createElement("div");
    box.className = "data scroll";
    box.hidden = true;
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Data of the chart");
    button.addEventListener("click", () => {
      if (box.childElementCount === 0) box.append(...sets.map(tableOf));
      box.hidden = !box.hidden;
      button.setAttribute("aria-expanded", String(!box.hidden));
    });
    figure.append(button, box);
  }

  async function draw(figure) {
    const live = figure.querySelector(".live");
    const spec = JSON.parse(figure.querySelector(".spec").textContent);
    addDataButton(figure, spec);
    live.hidden = false;
    try {
      const compiled = vegaLite.compile(withTips(spec), { logger: quiet }).spec;
      const view = new vega.View(vega.parse(compiled), {
        renderer: "svg",
        container: live,
        hover: true,
        tooltip: showTip, // given later, it would not be heard of
        loader,
        logger: quiet,
      });
      view.description(figure.dataset.label);
      await view.runAsync();
      if (live.querySelector("svg, canvas") === null) throw new Error("nothing was drawn");
      figure.classList.add("is-live");
    } catch (error) {
      live.hidden = true;
      live.replaceChildren();
      figure.dataset.problem = error instanceof Error ? error.message : String(error);
    }
  }

  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        void draw(target);
      }
    },
    { rootMargin: "600px" },
  );
  for (const figure of document.querySelectorAll("figure.chart")) {
    if (figure.querySelector(".spec") !== null) near.observe(figure);
  }
  document.addEventListener("scroll", () => (tip.hidden = true), { passive: true });
})();
