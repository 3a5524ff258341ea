// The reviewing desk by keyboard. In the queue: j, k, x, Enter. In a case: j, k, v, x, 1 to 0, a, r, ?.
"use strict";

(() => {
  const visible = (nodes) => [...nodes].filter((node) => node.offsetParent !== null);
  const papers = () => visible(document.querySelectorAll("[data-paper]"));
  const links = () => visible(document.querySelectorAll("#queue .hs-row-link"));

  const step = (nodes, by) => {
    const here = nodes.findIndex((node) => node.contains(document.activeElement));
    const next = nodes[here < 0 ? 0 : Math.min(Math.max(here + by, 0), nodes.length - 1)];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "start" });
  };

  const paperHere = () => document.activeElement.closest("[data-paper]");
  const chip = (key) => {
    const place = paperHere()?.querySelector("details[open]") || document.getElementById("decide");
    const no = key === "0" ? "10" : key;
    place?.querySelector(`[data-reason="${no}"]`)?.click();
  };

  const inCase = {
    j: () => step(papers(), 1),
    k: () => step(papers(), -1),
    v: () => paperHere()?.querySelector("[data-verify] button")?.click(),
    x: () => {
      const refusal = paperHere()?.querySelector("details");
      if (refusal) refusal.open = !refusal.open;
    },
    a: () => document.querySelector("[data-accept]")?.click(),
    r: () => document.querySelector("[data-return]")?.click(),
    "?": () => {
      const help = document.querySelector("[data-help]");
      if (help) help.open = !help.open;
    },
  };
  const inQueue = {
    j: () => step(links(), 1),
    k: () => step(links(), -1),
    x: () => document.activeElement.closest("tr")?.querySelector("input[name=case]")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("textarea, select, dialog[open], input:not([type=checkbox])")) return;
    const keys = document.getElementById("decide") || papers().length ? inCase : inQueue;
    if (keys === inCase && /^\d$/.test(event.key)) chip(event.key);
    else if (keys[event.key]) keys[event.key]();
    else return;
    event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-check-all]")) return;
    for (const box of document.querySelectorAll("#queue input[name=case]")) box.checked = event.target.checked;
  });
})();
