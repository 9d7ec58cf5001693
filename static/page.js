/* What the scripts of a page share: finding elements, speaking to screen readers, asking the server for what
   htmx does not load. The files are served as one, in the order of webui/assets.py. */
const chatpane = (() => {
  "use strict";

  const find = (css, within = document) => within.querySelector(css);

  /* The headers that each request of this page carries: in a frame its session, and language and zone. */
  const headers = () => JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}");

  const notices = () => find("#notices") || document.body;

  const isPlain = (event) => event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

  /* Let a screen reader say what changed. */
  function say(text) {
    const said = find("#said");
    if (said) said.textContent = text;
  }

  /* What a page does by itself waits until it was painted. Where nobody sees it, in a window behind others or a
     frame far down, nothing is painted; then it waits for a moment only. A click that comes earlier counts then:
     followed as a plain link, it would lose a frame's session. */
  const waiting = [];

  function afterPaint(run) {
    let hasRun = false;
    let clicked = null;
    const hold = (event) => {
      const control = event.target.closest("a:not([target]), button");
      if (!control || !isPlain(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      clicked = control;
    };
    const once = () => {
      if (hasRun) return;
      hasRun = true;
      document.removeEventListener("click", hold, true);
      run();
      for (const next of waiting) next();
      clicked?.click();
    };
    document.addEventListener("click", hold, true);
    requestAnimationFrame(() => setTimeout(once));
    setTimeout(once, 200);
  }

  /* Let something run once the whole script has begun. */
  const whenReady = (run) => waiting.push(run);

  return { afterPaint, find, headers, isPlain, notices, say, whenReady };
})();
