// "Use my location": asks the browser once, sends the place by POST rounded to some 10 metres, and keeps nothing.
"use strict";

(() => {
  const form = document.querySelector("form[data-locate]");
  if (!form) return;
  const says = form.querySelector("[data-locate-says]");
  const button = form.querySelector("[data-locate-start]");
  const say = (what) => { says.textContent = what ? says.dataset[what] : ""; };

  const found = (position) => {
    form.elements.lat.value = position.coords.latitude.toFixed(4);
    form.elements.lon.value = position.coords.longitude.toFixed(4);
    button.disabled = false;
    say("");
    form.requestSubmit();
  };
  const missed = (error) => {
    button.disabled = false;
    say(error.code === error.PERMISSION_DENIED ? "refused" : "unknown");
  };

  button.type = "button";
  button.addEventListener("click", () => {
    if (!window.isSecureContext || !navigator.geolocation) {
      say("insecure");
      return;
    }
    button.disabled = true;
    say("asking");
    navigator.geolocation.getCurrentPosition(found, missed, { timeout: 10000, maximumAge: 60000 });
  });
})();
