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

  return { find, headers, isPlain, notices, say };
})();
