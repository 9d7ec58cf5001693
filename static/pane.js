/* What htmx cannot do by itself: tabs, closing a detail, the switch turned off midway, failures.
   Everything works without this file too; links and forms then load whole pages. */
(() => {
  "use strict";

  const { find, isPlain, notices, say } = chatpane;
  let hadChat = false;

  /* Tabs, by the ARIA pattern: one stop in the tab order, arrows move between them. */

  function select(tab) {
    for (const other of tab.closest("[role=tablist]").querySelectorAll("[role=tab]")) {
      const chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      const panel = document.getElementById(other.getAttribute("aria-controls"));
      if (panel) panel.hidden = !chosen;
    }
    history.replaceState(history.state, "", tab.getAttribute("href"));
  }

  /* What a tab shows is loaded when it is first chosen. Later: ask whether it may still be shown, and leave it
     as it stands. The answer says if the switch was turned off meanwhile. */

  function ask(tab) {
    const panel = document.getElementById(tab.getAttribute("aria-controls"));
    const shown = panel && find("[id^=fragment-]", panel);
    if (!shown) return;
    if (shown.matches("[data-fragment]") && find(".skeleton", shown)) {
      shown.dispatchEvent(new Event("intersect")); // though the frame may lie below what the window shows of it
      return;
    }
    htmx.ajax("GET", panel.dataset.url, { source: shown, target: "#" + shown.id, swap: "none" });
  }

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (!tab || !isPlain(event)) return;
    event.preventDefault();
    select(tab);
    ask(tab);
  });

  let leads = false; // somebody was led to rows that are still on their way

  /* What matters at a glance and the notes of the foot lead to their rows: the Chat tab is chosen, and loads those. */

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-glance-item], [data-note] a[hx-get]");
    const tab = find("#tab-chat");
    if (!link || !tab || !isPlain(event)) return;
    leads = true;
    const place = find("#fragment-chat");
    const isToCome = place.matches("[data-fragment]") && find(".skeleton", place);
    select(tab);
    if (!isToCome) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    place.setAttribute("hx-get", link.getAttribute("hx-get"));
    ask(tab);
  }, true);

  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (!tab) return;
    const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
    const place = tabs.indexOf(tab);
    const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (event.key === " ") select(tab);
    else if (next === undefined) return;
    else {
      const chosen = tabs[(next + tabs.length) % tabs.length];
      select(chosen);
      chosen.focus();
      ask(chosen);
    }
    event.preventDefault();
  });

  /* A link that says it is a switch takes the space bar, as one does. */

  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !event.target.matches("a[role=switch]")) return;
    event.preventDefault();
    event.target.click();
  });

  /* Details: a second click, the cross or Escape closes; the focus goes back to where it was opened. */

  const slotOf = (link) => find(link.getAttribute("hx-target"));

  function close(link) {
    slotOf(link).replaceChildren();
    link.setAttribute("aria-expanded", "false");
    link.focus();
    document.dispatchEvent(new Event("chatpane:closed"));
  }

  function openerOf(inside) {
    const slot = inside.closest(".slot td, div.slot");
    return slot && document.getElementById("open-" + slot.id);
  }

  document.addEventListener("click", (event) => {
    if (!isPlain(event)) return;
    const link = event.target.closest("a[data-detail]");
    const opener = link && slotOf(link)?.firstElementChild ? link
      : event.target.closest("[data-close]") && openerOf(event.target);
    if (!opener) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    close(opener);
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest("[data-activity-detail]")) return;
    const opener = openerOf(event.target);
    if (opener) close(opener);
  });

  function markOpened(within) {
    for (const detail of within.querySelectorAll(".slot [data-activity-detail]")) {
      openerOf(detail)?.setAttribute("aria-expanded", "true");
    }
  }

  /* After a swap: what was changed is said aloud, an opened detail's heading takes the focus. */

  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.response?.status >= 500) return;
    for (const failed of notices().querySelectorAll("[data-failure]")) failed.remove();
    const { sourceElement: source, target } = event.detail.ctx;
    if (source) tries.delete(source);
    markOpened(document);
    if (target === document.body) arrive();
    const said = target?.id?.startsWith("fragment-") && find("[data-said]", target);
    if (said) say(said.textContent.trim());
    if (!isRead(event.detail.ctx)) sayDone(target);
    if (leads && target?.id === "fragment-chat") showWhereItLed(target);
    if (source?.matches("a[data-detail]")) find("[data-heading]", slotOf(source))?.focus({ preventScroll: true });
  });

  /* What a form did is said where it stood, and takes the focus: the button that did it may be gone. */

  function sayDone(target) {
    const done = find("[data-done]", target?.isConnected ? target : document);
    if (!done) return;
    say(done.textContent.trim());
    done.focus({ preventScroll: true });
  }

  function showWhereItLed(fragment) {
    leads = false;
    const place = find("[data-heading]", fragment) || find("[data-said]", fragment);
    if (!place) return;
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
  }

  /* Another page took the place of the body, as links in a frame do: its heading takes the focus. */

  function arrive() {
    hadChat = Boolean(find("#tab-chat"));
    const heading = find("h1");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus();
  }

  /* The switch was turned off while this page was open. The notice takes the tab away; what is left to
     do is to show the dashboard, read anew. An answer that only mentions it makes us ask for the notice. */

  document.addEventListener("chatpane:off", () => {
    find("#glance")?.remove();
    if (!hadChat && !find("#fragment-dashboard [data-row=chat]")) return;
    if (find("#tab-chat")) {
      htmx.ajax("GET", find("#tabpanel-chat").dataset.url, { source: document.body, target: "#notices" });
      return;
    }
    hadChat = false;
    goOnWith(find("#tab-dashboard") || find("[role=tab]"));
  });

  /* So was a family of activities, and the notice has taken its tab away: the first that is left takes its place. */

  document.addEventListener("chatpane:tab-off", () => {
    goOnWith(find("[role=tab][aria-selected=true]") || find("[role=tab]"));
  });

  function goOnWith(tab) {
    if (!tab) return;
    select(tab);
    const dashboard = find("#fragment-dashboard");
    if ([null, document.body].includes(document.activeElement) || dashboard?.contains(document.activeElement)) tab.focus();
    if (!tab.matches("#tab-dashboard")) ask(tab);
    if (!dashboard || (find(".skeleton", dashboard) && !tab.matches("#tab-dashboard"))) return;
    htmx.ajax("GET", find("#tabpanel-dashboard").dataset.url, { source: dashboard, target: "#fragment-dashboard" });
  }

  /* An answer that did not come, or was our fault: a sentence with a button to try again, where the
     answer would have stood, of a tab or a detail, else among the notices. Where it may soon be over, it is tried again by itself, ever later, a few times. */

  const TRIES = 5;
  const UNANSWERED = 5; // seconds until what got no answer is asked for again
  const tries = new WeakMap(); // since an answer came, by what asked

  function failed(source, after = 0, answer = "") {
    const lazy = source.matches("[data-fragment]");
    const slot = source.isConnected && source.matches("a[data-detail]") && slotOf(source);
    const place = lazy ? source : slot || notices();
    find("[data-failure]", place)?.remove();
    const shown = document.createElement("div");
    shown.dataset.failure = "";
    shown.append(find("#failure").content.cloneNode(true));
    const button = find("[data-retry]", shown);
    const said = find("[data-error]", new DOMParser().parseFromString(answer, "text/html"));
    if (said) find("[data-error]", shown).replaceChildren(...said.childNodes, " ", button);
    if (lazy) place.replaceChildren(shown);
    else place.append(shown);
    button.addEventListener("click", (event) => {
      const isMeant = event.isTrusted || shown.contains(document.activeElement);
      if (isMeant || !lazy) shown.remove();
      if (isMeant) (lazy ? find("[role=tab][aria-selected=true]") : source).focus?.();
      const target = source.getAttribute("hx-target") || source;
      const url = source.getAttribute("hx-get");
      if (url && (lazy || !source.isConnected)) htmx.ajax("GET", url, { source, target });
      else if (source.matches("form")) source.requestSubmit();
      else source.click();
    });
    const tried = (tries.get(source) || 0) + 1;
    if (!after || tried > TRIES) return;
    tries.set(source, tried);
    setTimeout(() => { if (shown.isConnected) button.click(); }, after * tried * 1000);
  }

  const isRead = ({ request }) => request.method === "GET"; // nothing is changed by asking twice

  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    const { status, headers } = ctx.response;
    if (status < 500) return;
    failed(ctx.sourceElement, status === 503 && isRead(ctx) ? Number(headers.get("Retry-After")) : 0, ctx.text);
  });
  document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
    failed(ctx.sourceElement, isRead(ctx) ? UNANSWERED : 0);
  });
  document.addEventListener("chatpane:failed", (event) => failed(event.target));

  hadChat = Boolean(find("#tab-chat"));
  markOpened(document);
})();
