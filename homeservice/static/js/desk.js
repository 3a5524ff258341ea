// The desk's inbox by keyboard (j, k, Enter, /), and a booking beside the list where there is room.
"use strict";

(() => {
  const wide = window.matchMedia("(min-width: 1100px)");
  const beside = document.getElementById("beside");
  const links = () => [...document.querySelectorAll("#desk-inbox .hs-row-link")];
  let opened = beside.dataset.open || "";
  let focused = "";

  const mark = () => {
    for (const link of links()) {
      const row = link.closest("tr");
      if (link.getAttribute("href") === opened) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#desk-inbox .hs-row-link");
    if (!link || !wide.matches || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    opened = link.getAttribute("href");
    mark();
    window.htmx.ajax("GET", opened, { target: "#beside", swap: "innerHTML" });
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, dialog[open]")) return;
    if (event.key === "/") {
      event.preventDefault();
      document.querySelector("[data-key='/']").click();
      return;
    }
    const by = { j: 1, k: -1 }[event.key];
    if (!by) return;
    const rows = links();
    const at = rows.indexOf(document.activeElement);
    const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (next) next.focus();
  });

  // A refreshed list keeps the row that was chosen and the one that had the focus.
  document.addEventListener("htmx:beforeSwap", () => {
    const link = document.activeElement.closest("#desk-inbox .hs-row-link");
    focused = link ? link.getAttribute("href") : "";
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    mark();
    if (event.detail.target.id === "beside") return;
    const link = links().find((one) => one.getAttribute("href") === focused);
    if (focused && link) link.focus({ preventScroll: true });
  });
  mark();
})();
