/* A panel that is open asks every few seconds what came, and puts it in its place, unless somebody reads
   there: then a button says that there is more. What is new is marked, in words too, and in the title. */
(() => {
  "use strict";

  const { find, headers, isPlain, say } = chatpane;
  const EVERY = 4000;
  const JITTER = 500;
  const LONGEST = 60000;
  const SEEN_AFTER = 4000;
  const TOO_BUSY = [429, 502, 503, 504];

  let timer = 0;
  let seenTimer = 0;
  let wait = EVERY;
  let asking = null;
  let unseen = 0; // rows that were put in and that nobody has looked at
  let waiting = 0; // those behind the button: they are counted anew from where the list was loaded
  let mark = null; // of what stands around the list

  const place = () => find("#fragment-chat [data-news]") || find("#tabpanel-chat[data-news]");
  const table = () => find("#fragment-chat table[data-table=chat]");
  const tabpanel = () => find("#tabpanel-chat");

  /* Asking. A page that nobody sees asks nothing, and at once when it is seen again. */

  function plan(after = wait + Math.random() * JITTER) {
    clearTimeout(timer);
    if (!document.hidden && place()) timer = setTimeout(ask, after);
  }

  async function ask() {
    const from = place();
    if (!from || asking) return;
    asking = from;
    const asked = from.dataset.news;
    try {
      const response = await fetch(marked(asked), {
        headers: { ...headers(), "HX-Request": "true" }, cache: "no-store", signal: AbortSignal.timeout(LONGEST),
      });
      asking = null;
      document.dispatchEvent(new CustomEvent("chatpane:reached"));
      if (TOO_BUSY.includes(response.status) || response.status >= 500) return later();
      wait = EVERY;
      if (!response.ok) return stop(response);
      const next = response.headers.get("X-News");
      const text = response.status === 200 ? await response.text() : "";
      if (from.isConnected && from.dataset.news === asked) { // and nobody chose another list meanwhile
        if (text) arrived(from, new DOMParser().parseFromString(text, "text/html"));
        if (next) from.dataset.news = waiting ? since(asked, next) : next;
        if (next) mark = markIn(next);
      }
      plan();
    } catch {
      asking = null;
      document.dispatchEvent(new CustomEvent("chatpane:unreached"));
      later();
    }
  }

  const parametersOf = (address) => new URL(address, location.href).searchParams;
  const markIn = (address) => parametersOf(address).get("mark");

  /* The panel knows what stood around the list when the page was made; the list, which comes later, does not. */

  function marked(address) {
    mark ??= markIn(tabpanel()?.dataset.news || address);
    const parameters = parametersOf(address);
    if (mark) parameters.set("mark", mark);
    return `${address.split("?")[0]}?${parameters}`;
  }

  /* Of rows that wait behind the button all are told each time, so that the sentence has their number. */

  function since(before, next) {
    const parameters = parametersOf(next);
    for (const name of ["since", "total"]) {
      if (parametersOf(before).has(name)) parameters.set(name, parametersOf(before).get(name));
    }
    return `${next.split("?")[0]}?${parameters}`;
  }

  function later() {
    wait = Math.min(wait * 2, LONGEST);
    plan();
  }

  /* Over: the next click says why. Only that the switch was turned off is told at once, as any click would. */

  function stop(response) {
    for (const one of document.querySelectorAll("[data-news]")) delete one.dataset.news;
    if (response.headers.get("HX-Trigger") === "chatpane:off") {
      document.body.dispatchEvent(new CustomEvent("chatpane:off", { bubbles: true }));
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { clearTimeout(timer); clearTimeout(seenTimer); }
    else { plan(0); look(); }
  });
  window.addEventListener("online", () => { wait = EVERY; plan(0); });

  /* What came. */

  function arrived(from, answer) {
    const link = find("[data-arrived] a, [data-changed] a", answer);
    const told = Number(find("[data-arrived]", answer)?.dataset.arrived || 0);
    const all = [...answer.querySelectorAll("tr[data-activity]")];
    const rows = all.filter((row) => !shown(row));
    const count = all.length ? rows.length : told;
    const total = find("[data-total]", answer);
    const isShown = from.matches("#fragment-chat *");
    renew(answer);
    renewDashboard();
    if (!link || (told && !count)) return;
    if (!isShown) {
      unseen += count;
      tell();
    } else if (rows.length && from.hasAttribute("data-inserts") && table() && !isRead()) {
      unseen += count;
      tell();
      insert(rows, find("[data-new]", answer));
      const said = find("#fragment-chat .count[data-said]");
      if (total && said?.firstChild) said.firstChild.textContent = total.textContent + " ";
      say(link.textContent);
      look();
    } else {
      waiting = count;
      tell();
      offer(from, link);
    }
  }

  /* What the page says around its rows. A link in it that has the focus stays. */

  function renew(answer) {
    for (const id of ["glance", "as-of"]) {
      const now = answer.getElementById(id);
      const there = document.getElementById(id);
      if (!now || there?.contains(document.activeElement)) continue;
      if (there) there.replaceWith(now);
      else find("#notices")?.before(now);
      htmx.process(now);
    }
  }

  /* A dashboard that is looked at and that nobody is in is read anew, as it was chosen. */

  function renewDashboard() {
    const dashboard = find("#fragment-dashboard");
    const panel = dashboard?.closest("[role=tabpanel]");
    if (!panel || panel.hidden || find(".skeleton", dashboard)) return;
    if (dashboard.contains(document.activeElement) || find("[data-activity-detail]", dashboard)) return;
    const chosen = location.pathname === panel.dataset.url ? location.search : "";
    htmx.ajax("GET", panel.dataset.url + chosen, { source: dashboard, target: "#fragment-dashboard" });
  }

  const shown = (row) => find(`#fragment-chat tr[data-activity="${row.dataset.activity}"]`);

  /* Whether rows that move would be in somebody's way: a detail is open, the focus is inside, the first row
     was scrolled away, or rows are already waiting behind the button. */

  function isRead() {
    const list = table();
    return waiting > 0 || find("[data-activity-detail]", tabpanel()) || list.contains(document.activeElement)
      || (!tabpanel().hidden && list.getBoundingClientRect().top < 0);
  }

  function offer(from, link) {
    const button = document.createElement("a");
    button.href = link.getAttribute("href");
    button.textContent = link.textContent;
    const before = from.textContent;
    from.replaceChildren(button);
    if (button.textContent !== before) say(button.textContent);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("p[data-news] a");
    if (!button || !isPlain(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const fragment = find("#fragment-chat");
    const opened = new URLSearchParams(location.search).get("open");
    const url = new URL(button.href);
    if (opened) url.searchParams.set("open", opened); // what is being read stays open
    htmx.ajax("GET", url.pathname + url.search, { source: fragment, target: "#fragment-chat" }).then(() => {
      fragment.scrollIntoView({ block: "nearest" });
      find("[data-said]", fragment)?.setAttribute("tabindex", "-1");
      if (document.activeElement === document.body) find("[data-said]", fragment)?.focus({ preventScroll: true });
    });
  }, true);

  /* Each row goes where its time says, below the heading of its day. */

  const timeOf = (row) => find("td[data-column=date] time", row)?.dateTime || "";

  function insert(rows, sign) {
    const list = table();
    for (const row of rows) {
      const slot = row.nextElementSibling;
      const day = row.closest("tbody");
      const older = [...list.querySelectorAll("tr[data-activity]")].find((one) => timeOf(one) <= timeOf(row));
      if (!older && find("[data-more]", list)) continue;
      const group = older?.closest("tbody");
      const before = group ? group.previousElementSibling : list.tBodies[list.tBodies.length - 1];
      if (group?.dataset.day === day.dataset.day) older.before(row, slot);
      else if (before?.dataset.day === day.dataset.day) before.append(row, slot);
      else {
        const opened = day.cloneNode(false);
        opened.append(find("tr.day", day).cloneNode(true), row, slot);
        if (group) group.before(opened);
        else list.append(opened);
      }
      find("td[data-column=activity-type] a", row)?.append(sign.cloneNode(true));
      htmx.process(row);
    }
  }

  /* The title and the tab say how many nobody has seen. */

  function tell() {
    const count = unseen + waiting;
    document.title = (count ? `(${count}) ` : "") + document.title.replace(/^\(\d+\) /, "");
    const tab = find("#tab-chat");
    if (!tab) return;
    let badge = find(".tab-badge", tab);
    if (!count) badge?.remove();
    else {
      if (!badge) tab.append(badge = Object.assign(document.createElement("span"), { className: "tab-badge" }));
      badge.textContent = ` ${count}`;
    }
  }

  /* Seen: on a page that is looked at, in the tab that is shown, for a few seconds. */

  function look() {
    clearTimeout(seenTimer);
    if (!unseen || waiting || document.hidden || !tabpanel() || tabpanel().hidden) return;
    seenTimer = setTimeout(() => { unseen = 0; tell(); }, SEEN_AFTER);
  }

  document.addEventListener("click", (event) => { if (event.target.closest("[role=tab]")) setTimeout(look); });
  document.addEventListener("keyup", (event) => { if (event.target.closest("[role=tab]")) look(); });

  document.addEventListener("htmx:after:swap", (event) => {
    const { target } = event.detail.ctx;
    if (target === document.body || !find("#tab-chat")) { waiting = 0; unseen = 0; mark = null; tell(); }
    if (target?.id === "fragment-chat") { unseen += waiting; waiting = 0; look(); }
    plan();
  });
  plan();
})();
