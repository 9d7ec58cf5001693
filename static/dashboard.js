/* Escape hides the tip of the grid's cell, without moving focus or pointer; the next cell shows its own again. */
(() => {
  "use strict";

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") chatpane.find("table[data-grid]")?.classList.add("quiet-tips");
  });

  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      event.target.closest?.("td[data-week]")?.closest("table").classList.remove("quiet-tips");
    });
  }
})();
