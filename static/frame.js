/* What a page in a frame does: it keeps its address clean and its session fresh, and talks with the site
   around it. It speaks to nobody before that site has said hello from an origin that may frame it. */
(() => {
  "use strict";

  const page = document.documentElement;
  if (page.dataset.address) history.replaceState(history.state, "", page.dataset.address);

  const headersOf = chatpane.headers;

  function setHeader(name, value) {
    document.body.setAttribute("hx-headers:inherited", JSON.stringify({ ...headersOf(), [name]: value }));
  }

  /* The session is renewed while the panel is in use: an answer brings the new one along. */

  document.addEventListener("htmx:after:request", (event) => {
    const renewed = event.detail.ctx.response?.headers.get("X-Pane");
    if (renewed) setHeader("X-Pane", renewed);
  });

  /* The host: whoever says hello from an allowed origin. "https://*.example.com" allows each subdomain. */

  const isInFrame = window.parent !== window;
  const allowed = (page.dataset.origins || "").split(" ").filter(Boolean);
  let host = null;

  function mayFrame(origin) {
    return allowed.some((one) => {
      const [before, after] = one.split("//*.");
      return after === undefined ? one === origin
        : origin.startsWith(before + "//") && origin.endsWith("." + after);
    });
  }

  const tell = (message) => { if (host) window.parent.postMessage(message, host); };

  /* Either message says the height, so that a host sees the sentence of a page that needs a link; only a page
     that needs none says "height", and so tells the host that its link was good. */

  function tellState() {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    tell({ type: document.querySelector("[data-needs-link]") ? "chatpane:needs-link" : "chatpane:height", height });
    tellCanvas(height);
  }

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.data?.type !== "chatpane:hello" || !mayFrame(event.origin)) return;
    host = event.origin;
    tellState();
  });

  /* Salesforce's Canvas takes the height by a message of its own, to the origin that it signed. */

  let canvasMessages = 0;

  function tellCanvas(height) {
    const { canvasInstance: instanceId, canvasOrigin: targetOrigin } = page.dataset;
    if (!instanceId || !mayFrame(targetOrigin)) return;
    const body = { type: "resize", config: { client: { instanceId, targetOrigin } }, size: { height: `${height}px` } };
    canvasMessages += 1;
    window.parent.postMessage(JSON.stringify({ seq: canvasMessages, src: "client", body }), targetOrigin);
  }

  document.addEventListener("htmx:after:swap", () => {
    if (document.querySelector("[data-needs-link]")) tellState(); // its height may be that of what it replaced
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (isInFrame) new ResizeObserver(tellState).observe(document.body);
  });
  chatpane.whenReady(tellZone);

  /* Nobody said which time zone the viewer is in: the browser knows. A page with a session sends it along
     from now on, and reads anew what it shows; any other is told once, by a cookie. */

  function tellZone() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (page.dataset.zone !== "assumed" || !zone) return;
    const shown = headersOf()["X-Pane-Zone"];
    if (headersOf()["X-Pane"]) {
      setHeader("X-Pane-Zone", zone);
      if (shown !== zone) readAnew();
      return;
    }
    const isTold = () => /(^|; )tz=/.test(document.cookie);
    if (isTold()) return;
    document.cookie = `tz=${zone}; path=/; max-age=31536000; SameSite=Lax`;
    if (shown !== zone && isTold() && !page.dataset.address) location.reload(); // not what came by a link
  }

  function readAnew() {
    for (const panel of document.querySelectorAll("[role=tabpanel]:not([hidden])")) {
      const shown = panel.querySelector("[id^=fragment-]");
      if (shown && !shown.querySelector(".skeleton")) {
        htmx.ajax("GET", panel.dataset.url, { source: shown, target: "#" + shown.id });
      }
    }
  }
})();
