"use strict";
(() => {
  const byId = id => document.getElementById(id);
  const root = document.documentElement;
  byId("theme").addEventListener("click", () => {
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
  });

  const source = byId("data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const perPage = 12;
  let page = 0;

  // Elements are built, never parsed from text: captions and file names are data.
  const element = (name, className, ...children) => {
    const node = document.createElement(name);
    if (className) node.className = className;
    node.append(...children);
    return node;
  };
  const picture = (number, role) => {
    if (!data.pictures[number]) return element("span", "pic none", data.names[number]);
    const image = element("img", "pic");
    image.src = "data:image/jpeg;base64," + data.pictures[number];
    image.alt = `${role} ${data.names[number]}`;
    image.title = data.names[number];
    image.loading = "lazy";
    return image;
  };
  const fill = (select, names, chosen) => names.forEach((name, i) => {
    const option = element("option", "", name);
    option.value = String(i);
    option.selected = i === chosen;
    select.append(option);
  });

  const groups = [...new Set(data.queries.map(query => query.group))];
  fill(byId("group"), ["everything", ...groups], 0);
  const last = data.settings.length - 1;
  fill(byId("a"), data.settings, 0);
  fill(byId("b"), data.settings, last);

  const state = () => ({
    group: Number(byId("group").value), a: Number(byId("a").value), b: Number(byId("b").value),
    cut: Number(byId("cut").value), show: byId("show").value, words: byId("words").value.trim().toLowerCase(),
  });
  const kind = (query, s) => {
    const a = query.rankings[s.a].rank <= s.cut;
    const b = query.rankings[s.b].rank <= s.cut;
    return a && b ? "both" : b ? "won" : a ? "lost" : "neither";
  };
  const matches = (query, s) =>
    (s.group === 0 || query.group === groups[s.group - 1])
    && (s.show === "all" || s.show === kind(query, s))
    && (!s.words || query.text.toLowerCase().includes(s.words));

  const drawRanking = (query, setting, s) => {
    const { rank, hits } = query.rankings[setting];
    const label = element("div", "", data.settings[setting], element("br"),
      element("span", "rank " + (rank <= s.cut ? "won" : "lost"), `rank ${rank}`));
    const strip = element("ol", "strip", ...hits.map((hit, i) => {
      const isTarget = query.targets.includes(hit);
      const isReference = hit === query.reference;
      return element("li", isTarget ? "target" : isReference ? "reference" : "",
        picture(hit, `${i + 1}. ${isTarget ? "the right answer" : isReference ? "the reference" : "picture"}`));
    }));
    strip.setAttribute("aria-label", `Ranked by ${data.settings[setting]}`);
    return element("div", "ranking", label, strip);
  };
  const drawQuery = (query, s) => {
    const card = element("article", "query",
      element("div", "ask",
        picture(query.reference, "reference"),
        element("p", "", query.text, element("br"), element("small", "", query.group)),
        picture(query.targets[0], "right answer"),
        element("p", "", element("small", "", "the right answer"))),
      element("div", "found", ...[...new Set([s.a, s.b])].map(setting => drawRanking(query, setting, s))));
    card.tabIndex = -1;
    return card;
  };

  const draw = () => {
    const s = state();
    const found = data.queries.filter(query => matches(query, s));
    const pages = Math.max(1, Math.ceil(found.length / perPage));
    page = Math.min(page, pages - 1);
    const shown = data.queries.length < data.total ? `${data.queries.length} of ${data.total} queries are in this report; ` : "";
    const tally = { both: 0, won: 0, lost: 0, neither: 0 };
    data.queries.filter(query => s.group === 0 || query.group === groups[s.group - 1]).forEach(query => tally[kind(query, s)]++);
    byId("count").textContent = `${shown}${found.length} match. B won ${tally.won} and lost ${tally.lost} against A; both found ${tally.both}, neither ${tally.neither}.`;
    byId("list").replaceChildren(...found.slice(page * perPage, (page + 1) * perPage).map(query => drawQuery(query, s)));
    byId("page").textContent = `${page + 1} of ${pages}`;
    byId("previous").disabled = page === 0;
    byId("next").disabled = page === pages - 1;
  };
  const turn = by => {
    const button = byId(by < 0 ? "previous" : "next");
    if (button.disabled) return;
    page += by;
    draw();
    byId("queries").scrollIntoView();
  };
  const step = by => {
    const cards = [...document.querySelectorAll(".query")];
    const at = cards.indexOf(document.activeElement);
    const card = cards[Math.max(0, Math.min(cards.length - 1, at < 0 ? 0 : at + by))];
    if (card) card.focus();
  };

  byId("tools").addEventListener("input", () => { page = 0; draw(); });
  byId("tools").addEventListener("submit", event => event.preventDefault());
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const keys = { j: () => step(1), k: () => step(-1), n: () => turn(1), p: () => turn(-1) };
    keys[event.key]?.();
  });
  draw();
})();
