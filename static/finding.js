/* Finding: the address says filter and opened row, and the last filter is remembered for the next record of its
   kind. */
(() => {
  "use strict";

  const { find } = chatpane;
  const KEPT = ["type", "dialogue", "page", "subject", "score", "status", "from", "to", "week", "q", "sort"];
  const SETTLED = 300; // milliseconds without a key before a text is searched

  /* Each tab has a list of its own, with a filter of its own; the one that is shown is meant. */

  const shown = () => find("[role=tabpanel]:not([hidden]) > [id^=fragment-]");
  const list = () => shown() && find("form[data-filter]", shown());
  const isText = (field) => field.matches("form[data-filter] [type=search]");

  /* A choice is sent at once, a text when the typing rests; while something is being composed, as Japanese is,
     nothing is sent and nothing is swapped under the hands. */

  let timer = 0;
  let isComposing = false;

  function send() {
    clearTimeout(timer);
    if (list() && !isComposing) list().requestSubmit();
  }

  function sendSoon() {
    clearTimeout(timer);
    timer = setTimeout(send, SETTLED);
  }

  /* A day that is being typed is in the year 2, then 20, then 202: out of bounds, and not sent. */
  document.addEventListener("change", ({ target }) => {
    if (target.closest("form[data-filter]") && !isText(target) && target.checkValidity()) send();
  });
  document.addEventListener("input", (event) => { if (isText(event.target) && !event.isComposing) sendSoon(); });
  document.addEventListener("compositionstart", (event) => { if (isText(event.target)) isComposing = true; });
  document.addEventListener("compositionend", (event) => {
    if (!isText(event.target)) return;
    isComposing = false;
    sendSoon();
  });
  document.addEventListener("submit", (event) => { if (event.target === list()) clearTimeout(timer); });
  document.addEventListener("htmx:config:request", (event) => {
    const { sourceElement, request } = event.detail.ctx;
    if (sourceElement !== list()) return;
    for (const [name, value] of [...request.body]) if (value === "") request.body.delete(name);
  });
  document.addEventListener("htmx:before:swap", (event) => {
    if (isComposing && event.detail.ctx.target === shown()) event.preventDefault();
  });

  /* The days stay open while they are chosen, and close by a click elsewhere or Escape. */

  const days = () => list() && find("details", list());
  let choosing = null;

  document.addEventListener("htmx:before:swap", () => {
    choosing = days()?.contains(document.activeElement) ? document.activeElement.id : null;
  });
  document.addEventListener("htmx:after:swap", () => {
    if (choosing === null || !days()) return;
    days().open = true;
    if (document.activeElement === document.body) document.getElementById(choosing)?.focus();
  });
  document.addEventListener("click", (event) => { if (days()?.open && !days().contains(event.target)) days().open = false; });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !days()?.open) return;
    days().open = false;
    find("summary", days()).focus();
  });

  /* The address: the list's own, with the opened row. */

  function addressed(parameters) {
    const asked = parameters.toString();
    const address = new URL(list().action).pathname + (asked ? `?${asked}` : "");
    history.replaceState(history.state, "", address);
    find("[role=tab][aria-selected=true]")?.setAttribute("href", address);
  }

  const isOfList = () => list() && location.pathname === new URL(list().action).pathname;
  const parametersNow = () => new URLSearchParams(isOfList() ? location.search : "");

  let latest;

  function noteOpened() {
    if (!list()) return;
    const parameters = parametersNow();
    const ids = [...shown().querySelectorAll(".slot [data-activity-detail]")]
      .filter((one) => !one.parentElement.closest("[data-activity-detail]"))
      .map((one) => one.dataset.activityDetail);
    const opened = ids.includes(latest) ? latest : ids.at(-1);
    if ((parameters.get("open") ?? undefined) === opened) return;
    parameters.delete("open");
    parameters.delete("after");
    if (opened) parameters.set("open", opened);
    addressed(parameters);
  }

  document.addEventListener("htmx:after:swap", (event) => {
    const link = event.detail.ctx.sourceElement?.closest?.("a[data-detail]");
    if (!link || !shown()?.contains(link)) return;
    latest = link.closest("[data-activity]")?.dataset.activity;
    noteOpened();
  });
  document.addEventListener("chatpane:closed", noteOpened);

  /* The last filter of a kind of list; a browser that keeps nothing for a frame forgets it. */

  function kindOf(address) {
    const [, kind, ...rest] = address.split("?")[0].split("/");
    const tab = rest.at(-1);
    return `chatpane.filter.${kind}${tab === "chat" ? "" : "." + tab}`;
  }

  function remember() {
    if (!isOfList()) return;
    const kept = new URLSearchParams([...parametersNow()].filter(([name, value]) => KEPT.includes(name) && value));
    try {
      const kind = kindOf(location.pathname);
      if (kept.size) localStorage.setItem(kind, kept.toString());
      else localStorage.removeItem(kind);
    } catch { /* nothing is kept here */ }
  }

  function remembered(address) {
    try {
      return localStorage.getItem(kindOf(address)) || "";
    } catch {
      return "";
    }
  }

  document.addEventListener("htmx:after:history:update", remember);

  function recall() {
    for (const place of document.querySelectorAll("[data-fragment]:not([data-fragment=dashboard])")) {
      const address = place.getAttribute("hx-get");
      const kept = remembered(address);
      if (kept && !address.includes("?")) place.setAttribute("hx-get", `${address}?${kept}`);
    }
  }

  /* A filter that was remembered and that the list does not know any more is forgotten, and the list read as it is. */

  document.addEventListener("htmx:response:error", (event) => {
    const { sourceElement: place, response } = event.detail.ctx;
    const [address, asked] = (place?.getAttribute("hx-get") || "").split("?");
    if (!asked || response.status !== 400 || !place.matches("[data-fragment]")) return;
    try {
      localStorage.removeItem(kindOf(address));
    } catch { /* nothing is kept here */ }
    place.setAttribute("hx-get", address);
    htmx.ajax("GET", address, { source: place, target: "#" + place.id });
  });

  /* The tab is read anew by the address of what it shows. */

  function noteShown() {
    const tab = list()?.closest("[role=tabpanel]");
    const parameters = parametersNow();
    for (const name of ["open", "after"]) parameters.delete(name);
    if (tab) tab.dataset.url = new URL(list().action).pathname + (parameters.size ? `?${parameters}` : "");
  }

  /* What was taken away by its own click leaves the focus with the count. */

  function keepFocus(source) {
    if (document.activeElement !== document.body || !source?.matches?.("[id^=fragment-], [data-chip], [data-clear]")) return;
    const said = shown() && find("[data-said]", shown());
    if (!said) return;
    said.tabIndex = -1;
    said.focus({ preventScroll: true });
  }

  let clicked = false;
  document.addEventListener("click", (event) => { clicked = Boolean(event.target.closest("[data-chip], [data-clear]")); });
  document.addEventListener("htmx:after:history:update", noteShown);
  document.addEventListener("htmx:after:swap", (event) => {
    if (clicked) keepFocus(event.detail.ctx.sourceElement);
    if (event.detail.ctx.target === shown()) clicked = false;
  });

  noteShown();
  recall();
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.target === document.body) recall();
  });
})();
