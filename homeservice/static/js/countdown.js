// The button for another code sleeps until it may be pressed again; without a script the server says so.
"use strict";

(() => {
  for (const button of document.querySelectorAll("[data-countdown]")) {
    const text = button.form.querySelector("[data-countdown-text]");
    const until = Date.now() + Number(button.dataset.countdown) * 1000;
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      button.disabled = left > 0;
      text.textContent = left > 0 ? text.dataset.countdownText.replace("#", left) : "";
      if (left > 0) setTimeout(tick, 250);
    };
    tick();
  }
})();
