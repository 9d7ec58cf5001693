/* Chatpane's frames in a page of yours. Include this file, or copy it:

     <iframe data-chatpane-link="/chatpane-link?opens=contacts/0035g" title="Website chat"></iframe>
     <script src="https://pane.example.com/static/host.js" defer></script>

   data-chatpane-link is an address of your own backend. It is asked (GET, with your page's cookies) whenever the
   frame needs a link, and answers 200 with a token that it signed for this viewer just now, as JSON:

     {"url": "https://pane.example.com/embed", "token": "eyJhbGciOi…"}

   The token is posted into the frame, so that it stands in no address and no log. From then on the frame has the
   height of what it shows, and gets a new link when its session is over: at most one in 5 seconds, and no more
   after 3 that opened nothing. Frames that come later are found too; another data-chatpane-link opens anew.

   With a Content-Security-Policy your page needs the panel's origin in frame-src and form-action, and in
   script-src if this file is not copied; connect-src 'self' for your backend. */
(() => {
  "use strict";

  const FRAMES = "iframe[data-chatpane-link]", PAUSE = 5000, TRIES = 3;
  const known = new WeakMap(); // of each frame: its link, its origin, when it asked and how often in vain
  let named = 0;

  async function open(frame, state) {
    state.asked = Date.now();
    try {
      const answer = await fetch(state.link, { cache: "no-store" });
      if (!answer.ok) throw new Error(`${state.link} answers ${answer.status}`);
      const { url, token } = await answer.json();
      if (known.get(frame) === state) post(frame, state, new URL(url, location.href), token);
    } catch (error) {
      console.warn("Chatpane got no link:", error.message);
      openAnew(frame, state);
    }
  }

  function post(frame, state, url, token) {
    const { parentNode, nextSibling } = frame;
    state.origin = null;
    frame.allow ||= `clipboard-write ${url.origin}`; // for the links that a rep copies
    frame.name ||= `chatpane-${named += 1}-${Date.now()}`;
    frame.remove(); // put in anew, it adds nothing to the window's history
    parentNode.insertBefore(frame, nextSibling);
    state.origin = url.origin;
    const form = Object.assign(document.createElement("form"), { method: "post", action: url, target: frame.name });
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "token", value: token }));
    document.body.append(form);
    form.submit();
    form.remove();
  }

  function openAnew(frame, state) {
    if (state.timer || state.tries >= TRIES) return;
    state.tries += 1;
    state.timer = setTimeout(() => {
      state.timer = 0;
      if (frame.isConnected && known.get(frame) === state) open(frame, state);
    }, Math.max(0, state.asked + PAUSE - Date.now()));
  }

  function find() {
    for (const frame of document.querySelectorAll(FRAMES)) {
      const link = frame.dataset.chatpaneLink;
      if (known.get(frame)?.link === link) continue;
      known.set(frame, { link, tries: 0 });
      open(frame, known.get(frame));
    }
  }

  document.addEventListener("load", ({ target }) => {
    const origin = known.get(target)?.origin;
    if (origin) target.contentWindow.postMessage({ type: "chatpane:hello" }, origin);
  }, true);

  window.addEventListener("message", ({ source, origin, data }) => {
    const frame = [...document.querySelectorAll(FRAMES)].find((one) => one.contentWindow === source);
    const state = known.get(frame);
    if (!state || origin !== state.origin) return;
    if (data.height) frame.style.height = `${data.height + frame.offsetHeight - frame.clientHeight}px`;
    if (data.type === "chatpane:height") state.tries = 0;
    if (data.type === "chatpane:needs-link") openAnew(frame, state);
  });

  find();
  new MutationObserver(find).observe(document, {
    subtree: true, childList: true, attributeFilter: ["data-chatpane-link"],
  });
})();
