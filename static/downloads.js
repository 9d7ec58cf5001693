/* Files to take along. A panel in a frame has its session in a header, which a plain link cannot send: the
   file is fetched with it and then saved. Without this script the link downloads where cookies are. */
(() => {
  "use strict";

  const KEPT = 60_000; // ms: until the browser has surely begun to save

  /* RFC 6266: the name as UTF-8 before the plain one. */
  function nameIn(disposition, url) {
    const wide = /filename\*=UTF-8''([^;]+)/i.exec(disposition);
    const plain = /filename="?([^";]+)"?/i.exec(disposition);
    if (wide) return decodeURIComponent(wide[1]);
    return plain ? plain[1] : url.pathname.split("/").pop();
  }

  function save(file, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), KEPT);
  }

  /* The server said why no file came: htmx asks again and shows the sentence, as it does everywhere. Should the
     file come after all, it says that none of it is to be swapped in: strangers wrote what it holds. */
  const explain = (link) => htmx.ajax("GET", link.href, { source: link, target: "#" + chatpane.notices().id });

  async function fetchFile(link) {
    if (link.getAttribute("aria-busy") === "true") return;
    link.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(link.href, { headers: chatpane.headers() });
      const disposition = answer.headers.get("Content-Disposition");
      if (answer.ok && disposition) save(await answer.blob(), nameIn(disposition, new URL(link.href)));
      else await explain(link);
    } catch { // the connection was cut, before the file or amid it
      link.dispatchEvent(new CustomEvent("chatpane:failed", { bubbles: true }));
    } finally {
      link.removeAttribute("aria-busy");
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-download]");
    if (!link || !chatpane.isPlain(event) || !document.getElementById("notices")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    fetchFile(link);
  }, true);
})();
