// The demo shop's own script. The survey does not need it: it keeps the order's dates in the future and, for the curious,
// lists the events that the survey sends to the page.
(() => {
  const root = document.documentElement;

  /** The day `count` working days after today. */
  function workday(count) {
    const day = new Date();
    while (count > 0) {
      day.setDate(day.getDate() + 1);
      if (day.getDay() % 6 !== 0) count -= 1;
    }
    return day;
  }

  function showDates() {
    for (const time of document.querySelectorAll("time[data-workdays]")) {
      const day = workday(Number(time.dataset.workdays));
      const length = time.dataset.form === "short" ? "short" : "long";
      const locale = time.closest("[lang]").lang === "de" ? "de-DE" : "en-GB";
      time.dateTime = day.toLocaleDateString("sv-SE"); // the ISO form, in local time
      time.textContent = day
        .toLocaleDateString(locale, { weekday: length, day: "numeric", month: length })
        .replace(/,(?= \d+ )/, "");
    }
  }

  /** The language links keep the rest of the query, such as a forced theme. */
  function showLanguages() {
    for (const link of document.querySelectorAll(".tongues a")) {
      const query = new URLSearchParams(location.search);
      query.set("lang", link.lang);
      link.href = "?" + query;
      if (link.lang === root.lang) link.setAttribute("aria-current", "true");
    }
  }

  function json(detail) {
    try {
      return JSON.stringify(detail, null, 2) ?? "null";
    } catch (error) {
      return String(error);
    }
  }

  function log(event) {
    const place = document.getElementById("event-log");
    place.querySelector(".none")?.remove();
    const entry = document.createElement("div");
    const name = document.createElement("p");
    const detail = document.createElement("pre");
    const at = document.createElement("time");
    at.textContent = new Date().toLocaleTimeString(root.lang === "de" ? "de-DE" : "en-GB");
    name.append(event.type, " ", at);
    detail.textContent = json(event.detail);
    entry.append(name, detail);
    place.append(entry);
  }

  // Events that come before the page is parsed wait for their place in it.
  const early = [];
  let ready = false;
  for (const name of ["shown", "scored", "submitted", "failed"]) {
    document.addEventListener("afterword:" + name, (event) => (ready ? log(event) : early.push(event)));
  }

  document.addEventListener("DOMContentLoaded", () => {
    showDates();
    showLanguages();
    ready = true;
    early.forEach(log);
  });
})();
