/* Without a connection the panel says so in one sentence, and goes on by itself when there is one again. */
(() => {
  "use strict";

  const { find, notices } = chatpane;

  function say() {
    if (find("[data-offline]", notices()) || !find("#offline")) return;
    notices().append(find("#offline").content.cloneNode(true));
  }

  function unsay() {
    for (const said of notices().querySelectorAll("[data-offline]")) said.remove();
  }

  /* What failed meanwhile is asked for anew, as its button would. */
  function recover() {
    unsay();
    for (const button of document.querySelectorAll("[data-failure] [data-retry]")) button.click();
  }

  window.addEventListener("offline", say);
  window.addEventListener("online", recover);
  document.addEventListener("chatpane:unreached", say);
  document.addEventListener("chatpane:reached", () => { if (find("[data-offline]", notices())) recover(); });
})();
