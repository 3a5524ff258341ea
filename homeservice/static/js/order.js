// Ordering: the stepper of a quantity, questions that belong to an answer, and the ten minutes of a held time.
"use strict";

(() => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-stepper] [data-step]");
    if (!button) return;
    const input = button.closest("[data-stepper]").querySelector("input");
    const before = input.value;
    if (button.dataset.step === "1") input.stepUp();
    else input.stepDown();
    if (input.value !== before) input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // What only matters after a certain answer is shown with it; without a script it is always there.
  const showFitting = () => {
    for (const part of document.querySelectorAll("[data-shown-if]")) {
      const [name, value] = part.dataset.shownIf.split("=");
      part.hidden = document.querySelector(`input[name="${name}"]:checked`)?.value !== value;
    }
  };
  document.addEventListener("change", showFitting);
  showFitting();

  const countdown = document.querySelector("[data-countdown]");
  if (!countdown) return;
  const endsAt = performance.now() + Number(countdown.dataset.countdown) * 1000;
  const left = countdown.querySelector("[data-left]");
  const over = document.querySelector("[data-countdown-over]");
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
    left.textContent = `${left.dataset.words} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds > 0) return;
    clearInterval(timer);
    countdown.hidden = true;
    over.hidden = false;
  };
  const timer = setInterval(tick, 1000);
  tick();
})();
