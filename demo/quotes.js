// What other customers said, from the collector that serves this shop (GET /v1/quotes). Only what they allowed to be quoted
// is shown, and only what the shop has chosen. The page asks again every half minute while somebody looks at it: a quote that
// was withdrawn is gone within a minute.
(() => {
  const INTERVAL_MS = 30_000;
  const MOST = 3;
  const isGerman = document.documentElement.lang === "de";
  const locale = isGerman ? "de-DE" : "en-GB";
  const section = document.querySelector(".voices");
  const count = (number) => number.toLocaleString(locale);
  const day = (date) =>
    new Date(date + "T12:00").toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric" });

  function make(name, text) {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    return element;
  }

  function figure({ text, name, date, language }) {
    const figure = make("figure");
    const words = make("blockquote", text);
    words.lang = language;
    words.dir = "auto";
    figure.append(words, make("figcaption", name ? `${name}, ${day(date)}` : day(date)));
    return figure;
  }

  /** All answers by score, so that nobody takes the chosen ones for all of them. */
  function distribution({ count: all, distribution, from, to }) {
    const details = make("details");
    const scores = make("ol");
    for (const [score, answers] of [...distribution.entries()].reverse()) {
      const line = make("li");
      const bar = make("meter");
      bar.max = Math.max(...distribution);
      bar.value = answers;
      bar.setAttribute("aria-hidden", "true");
      line.append(make("span", String(score)), bar, make("b", count(answers)));
      scores.append(line);
    }
    const range = `${day(from)} – ${day(to)}`;
    const title = isGerman ? `Alle ${count(all)} Bewertungen, ${range}` : `All ${count(all)} ratings, ${range}`;
    details.append(make("summary", title), scores);
    return details;
  }

  function show({ quotes, answers, notice }) {
    section.querySelector(".quoted").replaceChildren(...quotes.slice(0, MOST).map(figure));
    section.querySelector(".all").replaceChildren(...(answers ? [distribution(answers)] : []));
    section.querySelector(".notice").textContent = isGerman ? notice.de : notice.en;
    section.hidden = quotes.length === 0;
  }

  let shown;
  async function update() {
    if (document.hidden) return;
    try {
      const answer = await fetch("../v1/quotes", { headers: { accept: "application/json" } });
      const text = answer.ok ? await answer.text() : "";
      if (text === shown) return;
      if (text) show(JSON.parse(text));
      else section.hidden = true;
      shown = text;
    } catch {
      // Without an answer nobody knows whether the quotes may still be shown.
      section.hidden = true;
      shown = undefined;
    }
  }

  // After the page itself has loaded, which matters more.
  addEventListener("load", () => {
    update();
    setInterval(update, INTERVAL_MS);
    document.addEventListener("visibilitychange", update);
  });
})();
