// Draws each [data-map] with Leaflet (joined in front of this file by the build): shapes and
// markers, no tiles unless the operator names a tile server. The table beside it says the same.

const leaflet = globalThis.L;
const PADDING = { padding: [28, 28], maxZoom: 15 };
const SIZES = [14, 16, 19, 22, 26, 30]; // px by marker.size 0 to 5

function words(marker) {
  const box = document.createElement("div");
  const name = document.createElement(marker.url ? "a" : "strong");
  name.textContent = marker.label;
  if (marker.url) name.href = marker.url;
  box.append(name);
  if (marker.text) {
    const line = document.createElement("p");
    line.textContent = marker.text;
    box.append(line);
  }
  return box;
}

function pin(marker) {
  const size = SIZES[marker.size ?? 2] ?? SIZES.at(-1);
  const dot = document.createElement("span");
  dot.className = `pin pin--${marker.tone ?? "accent"}`;
  return leaflet.divIcon({ html: dot, className: "", iconSize: [size, size] });
}

function addMarker(map, marker) {
  const drawn = leaflet.marker([marker.latitude, marker.longitude], { icon: pin(marker) });
  drawn.bindPopup(words(marker));
  if (!matchMedia("(hover: none)").matches) drawn.bindTooltip(marker.label, { direction: "top", offset: [0, -8] });
  drawn.addTo(map);
  drawn.getElement().setAttribute("aria-label", [marker.label, marker.text].filter(Boolean).join(", "));
  return drawn;
}

function addShapes(map, shapes, className) {
  const layer = leaflet.geoJSON(shapes, {
    interactive: className === "area",
    style: { className, fillOpacity: 1, weight: 1 },
    pointToLayer: (feature, place) => leaflet.marker(place, { icon: pin(feature.properties ?? {}) }),
    onEachFeature: (feature, each) => {
      if (className === "area" && feature.properties?.name) each.bindTooltip(feature.properties.name, { sticky: true });
    },
  });
  return layer.addTo(map);
}

async function addOutline(map, address) {
  const answer = await fetch(address);
  if (answer.ok) addShapes(map, await answer.json(), "land").bringToBack();
}

function fit(map, parts) {
  const bounds = leaflet.latLngBounds([]);
  for (const part of parts) bounds.extend(part.getBounds?.() ?? part.getLatLng());
  if (bounds.isValid()) map.fitBounds(bounds, PADDING);
  else map.setView([39.5, -98.35], 4);
}

async function draw(canvas) {
  const data = JSON.parse(document.getElementById(canvas.dataset.map).textContent);
  canvas.hidden = false;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = leaflet.map(canvas, {
    scrollWheelZoom: false,
    zoomSnap: 0.25,
    zoomAnimation: !still,
    fadeAnimation: !still,
    attributionControl: Boolean(canvas.dataset.tiles),
  });
  const areas = data.shapes ? [addShapes(map, data.shapes, "area")] : [];
  fit(map, [...areas, ...markers(data)]);
  if (canvas.dataset.tiles) leaflet.tileLayer(canvas.dataset.tiles, { attribution: canvas.dataset.credit ?? "" }).addTo(map);
  data.markers?.forEach((marker) => addMarker(map, marker));
  canvas.dispatchEvent(new CustomEvent("map:ready", { bubbles: true, detail: { map } }));
  if (canvas.dataset.outline) await addOutline(map, canvas.dataset.outline);
}

function markers(data) {
  return (data.markers ?? []).map((marker) => leaflet.marker([marker.latitude, marker.longitude]));
}

document.querySelectorAll("[data-map]").forEach(draw);
