// What every page can do better with a script; each of it also works without one.
"use strict";

(() => {
  const root = document.documentElement;
  root.classList.add("js");

  // Confirmations: a <details> that becomes a modal dialog.
  const openDialog = (details) => {
    const dialog = details.querySelector("dialog");
    details.open = true;
    dialog.removeAttribute("open"); // not close(): its event would come after showModal()
    dialog.showModal();
    dialog.addEventListener("close", () => { details.open = false; details.querySelector("summary").focus(); }, { once: true });
  };
  document.addEventListener("click", (event) => {
    const summary = event.target.closest(".hs-confirm > summary");
    if (summary) {
      event.preventDefault();
      openDialog(summary.parentElement);
      return;
    }
    if (event.target.closest("[data-close-dialog]")) {
      event.preventDefault();
      event.target.closest("dialog").close();
    }
    if (event.target.closest("[data-print]")) window.print();
    for (const menu of document.querySelectorAll(".hs-menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(".hs-menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // Characters left of a long answer.
  const count = (input) => {
    const counter = document.getElementById(`${input.id}-counter`);
    if (!counter) return;
    const used = [...input.value].length;
    counter.textContent = `${used} / ${counter.dataset.limit}`;
    counter.classList.toggle("hs-counter-over", used > Number(counter.dataset.limit));
  };
  document.addEventListener("input", (event) => count(event.target));

  // A form is sent once, however often the button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post") || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // Choices that apply at once, such as the filters of a list.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  });

  // After loading and after each swap: errors get the focus, the chosen day is in view, counters count.
  const settle = (part) => {
    part.querySelector("[data-focus]")?.focus();
    for (const input of part.querySelectorAll("textarea, input[maxlength]")) count(input);
    for (const strip of part.querySelectorAll(".hs-days, .hs-tabs")) {
      const current = strip.querySelector("[aria-current]");
      if (current) strip.scrollLeft = current.offsetLeft - strip.offsetLeft - 8;
    }
  };
  settle(document);
  document.addEventListener("htmx:afterSwap", (event) => settle(event.detail.target));

  // A swap that failed says so; the page stays as it was.
  const tell = () => {
    const place = document.getElementById("messages");
    if (place && !place.querySelector("[data-network]")) {
      place.append(document.getElementById("network-message").content.cloneNode(true));
    }
  };
  document.addEventListener("htmx:sendError", tell);
  document.addEventListener("htmx:responseError", tell);
  document.addEventListener("htmx:afterOnLoad", () => document.querySelector("#messages [data-network]")?.remove());
})();
