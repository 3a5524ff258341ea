// Dots on a plain ground (or on tiles, where a tile server is set). The list below the map says the same in words.
"use strict";

(() => {
  const boxes = document.querySelectorAll(".hs-map[data-dots]");
  const draw = (box) => {
    const dots = JSON.parse(document.getElementById(box.dataset.dots).textContent);
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = L.map(box, { attributionControl: Boolean(box.dataset.tiles), zoomAnimation: !still, fadeAnimation: !still });
    if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { attribution: box.dataset.attribution, maxZoom: 19 }).addTo(map);
    const places = dots.map((dot) => {
      const tone = dot.tone ? ` hs-map-dot-${dot.tone}` : "";
      const marker = L.circleMarker([dot.lat, dot.lon], { radius: 9, weight: 2, fillOpacity: 1, className: `hs-map-dot${tone}` });
      marker.bindTooltip(document.createTextNode(dot.label).textContent.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`));
      if (dot.href) marker.on("click", () => { window.location.assign(dot.href); });
      return marker.addTo(map);
    });
    if (places.length) map.fitBounds(L.featureGroup(places).getBounds().pad(0.2), { maxZoom: 16 });
    else map.setView([23.13, 113.33], 11);
  };
  if (boxes.length) boxes.forEach(draw);
})();
