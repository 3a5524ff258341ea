// "I am at home now": the browser's place goes into the form's hidden fields, when the person asks for it.
"use strict";

(() => {
  for (const button of document.querySelectorAll("[data-locate]")) {
    const [lat, lon] = button.dataset.locate.split(" ").map((id) => document.getElementById(id));
    const status = button.parentElement.querySelector("[data-locate-status]");
    const failed = () => { status.textContent = button.dataset.failed; };
    button.addEventListener("click", () => {
      if (!navigator.geolocation) return failed();
      navigator.geolocation.getCurrentPosition((place) => {
        lat.value = place.coords.latitude.toFixed(6);
        lon.value = place.coords.longitude.toFixed(6);
        status.textContent = button.dataset.done;
      }, failed, { timeout: 10000, maximumAge: 60000 });
    });
  }
})();
