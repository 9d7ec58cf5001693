/* Reading details: on to the next, the address of one, talks before and after. */
(() => {
  "use strict";

  const { find, say } = chatpane;
  const TOLD_FOR = 3000;

  /* The next and the previous activity of a list, by button or, while the focus is in the list, by j and k.
     The detail that is open closes; at the end further rows are loaded, for the next time. */

  const slotOf = (link) => find(link.getAttribute("hx-target"));

  function currentIn(list, inside) {
    const slot = inside.closest(".slot td, div.slot");
    const own = slot && document.getElementById("open-" + slot.id);
    return own || find("a[data-detail]", inside.closest("[data-activity]") || list);
  }

  function step(inside, by) {
    const list = inside.closest("table[data-table], [data-weekly-list]");
    if (!list) return;
    const links = [...list.querySelectorAll("a[data-detail]")];
    const current = currentIn(list, inside);
    const isOpen = Boolean(slotOf(current)?.firstElementChild);
    const starts = !isOpen && by > 0;
    const next = starts ? current : links[links.indexOf(current) + by];
    if (!next) {
      if (by > 0) find("[data-more]", list)?.click();
      return;
    }
    if (isOpen) {
      slotOf(current).replaceChildren();
      current.setAttribute("aria-expanded", "false");
    }
    const opened = find("[data-heading]", slotOf(next));
    if (opened) opened.focus();
    else {
      next.focus();
      next.click();
    }
  }

  document.addEventListener("keydown", (event) => {
    const by = { j: 1, k: -1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (!event.target.closest("table[data-table], [data-weekly-list]")) return;
    event.preventDefault();
    step(event.target, by);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-next], [data-previous]");
    if (button) step(button, button.matches("[data-next]") ? 1 : -1);
  });

  /* The address of an activity. A frame may not be allowed the clipboard: then it stands in a field, chosen,
     for the keys that copy. */

  async function copy(button) {
    const address = new URL(button.dataset.copy, location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      const label = button.dataset.label ||= button.textContent;
      button.textContent = button.dataset.copied;
      say(button.dataset.copied);
      setTimeout(() => { button.textContent = label; }, TOLD_FOR);
    } catch {
      const shown = find("input", button.parentElement) || document.createElement("input");
      shown.readOnly = true;
      shown.value = address;
      shown.setAttribute("aria-label", button.dataset.copyLabel);
      button.after(shown);
      shown.select();
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-copy]");
    if (button) copy(button);
  });

  /* Whoever asked for further rows by the keyboard goes on with the first of them. */

  let last = null;

  document.addEventListener("htmx:before:swap", (event) => {
    const more = event.detail.ctx.sourceElement;
    if (!more?.matches?.("[data-more]") || document.activeElement !== more) return;
    last = [...more.closest("table, ol").querySelectorAll("a[data-detail]")].at(-1);
  });

  document.addEventListener("htmx:after:swap", () => {
    if (!last) return;
    const links = [...(last.closest("table, ol")?.querySelectorAll("a[data-detail]") || [])];
    links[links.indexOf(last) + 1]?.focus({ preventScroll: true });
    last = null;
  });

  /* A talk that was loaded takes the focus, for the link that loaded it is gone. */

  document.addEventListener("htmx:after:swap", (event) => {
    const place = event.detail.ctx.target;
    if (place?.matches?.(".beyond")) find("[data-talk-of] > [tabindex]", place)?.focus({ preventScroll: true });
  });
})();
