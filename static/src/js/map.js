// Draws each [data-map] with Leaflet: shapes and markers, no tiles unless the operator names a
// tile server. The table beside it says the same.

import "./leaflet.js"; // put there by the build; publishes itself as globalThis.L

const leaflet = globalThis.L;
const PADDING = { paddingTopLeft: [64, 28], paddingBottomRight: [28, 28], maxZoom: 15 }; // beside the zoom buttons
const SIZES = [24, 25, 26, 28, 31, 34]; // px by marker.size 0 to 5; the smallest target is 24 (WCAG 2.5.8)
const APART = 34; // px
const PATIENCE = 8000; // ms

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

function pin(group) {
  const alone = group.length === 1;
  const size = alone ? (SIZES[group[0].size ?? 2] ?? SIZES.at(-1)) : SIZES.at(-1);
  const dot = document.createElement("span");
  dot.className = `pin pin--${alone ? (group[0].tone ?? "accent") : "many"}`;
  if (!alone) dot.textContent = group.length;
  return leaflet.divIcon({ html: dot, className: "", iconSize: [size, size] });
}

// Places closer than a fingertip become one pin that lists them all; zooming in parts them.
function grouped(map, places) {
  const groups = [];
  for (const place of places) {
    const at = map.latLngToLayerPoint([place.latitude, place.longitude]);
    const near = groups.find((group) => group.at.distanceTo(at) < APART);
    if (near) near.places.push(place);
    else groups.push({ at, places: [place] });
  }
  return groups.map((group) => group.places);
}

function addGroup(layer, group) {
  const { latitude, longitude } = group[0];
  const drawn = leaflet.marker([latitude, longitude], { icon: pin(group) });
  const box = document.createElement("div");
  box.append(...group.map(words));
  drawn.bindPopup(box, { maxHeight: 240 });
  const names = group.map((place) => [place.label, place.text].filter(Boolean).join(", "));
  if (!matchMedia("(hover: none)").matches) drawn.bindTooltip(title(group), { direction: "top", offset: [0, -10] });
  drawn.addTo(layer);
  const said = names.slice(0, 5).join("; "); // a pin's number is part of its name (WCAG 2.5.3)
  drawn.getElement().setAttribute("aria-label", group.length > 1 ? `${group.length}: ${said}` : said);
}

function title(group) {
  const shown = group.slice(0, 3).map((place) => place.label).join(", ");
  const note = document.createElement("span"); // as text: a label may hold anything
  note.textContent = group.length > 3 ? `${shown} …` : shown;
  return note;
}

function addPlaces(map, places) {
  const layer = leaflet.layerGroup().addTo(map);
  const show = () => {
    layer.clearLayers();
    grouped(map, places().filter((place) => !place.hidden)).forEach((group) => addGroup(layer, group));
  };
  map.on("zoomend", show);
  document.addEventListener("ticks", show);
  show();
}

/** Return what a map shows: what the page says of it, or the rows of its table as they are ticked now. */
function placesOf(canvas) {
  if (!canvas.dataset.rows) return JSON.parse(document.getElementById(canvas.dataset.map).textContent).markers ?? [];
  return [...document.querySelectorAll(`#${canvas.dataset.rows} tr[data-place]`)].map((row) => placeOf(row, canvas.dataset.picked));
}

function placeOf(row, picked) {
  const [latitude, longitude] = row.dataset.place.split(" ").map(Number);
  const link = row.querySelector("[data-row-link]");
  const box = row.querySelector("[data-row-check]");
  const state = box ? picked : row.querySelector(".status")?.textContent.trim();
  const text = [row.dataset.reference, state].filter(Boolean).join(" · "); // two gardens may have one title
  return { latitude, longitude, hidden: box && !box.checked, tone: box ? "waiting" : "success", label: link.textContent, url: link.href, text };
}

function addShapes(map, shapes, className) {
  const layer = leaflet.geoJSON(shapes, {
    interactive: className === "area",
    style: { className, fillOpacity: 1, weight: 1 },
    pointToLayer: (feature, place) => leaflet.marker(place, { icon: pin([feature.properties ?? {}]) }),
    onEachFeature: (feature, each) => {
      if (className === "area" && feature.properties?.name) each.bindTooltip(title([{ label: feature.properties.name }]), { sticky: true });
    },
  });
  return layer.addTo(map);
}

async function addOutline(map, address) {
  const shapes = await shapesAt(address);
  if (shapes) addShapes(map, shapes, "land").bringToBack();
}

async function addAreas(map, address, areas, show) {
  const shapes = await shapesAt(address);
  if (!shapes?.features?.length) return;
  areas.push(addShapes(map, shapes, "area"));
  show();
}

/** Shapes are a picture's ground: until they come, and without an answer, the places are shown alone. */
async function shapesAt(address) {
  if (!address) return null;
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  return answer?.ok ? answer.json().catch(() => null) : null;
}

function fit(map, parts) {
  const bounds = leaflet.latLngBounds([]);
  for (const part of parts) bounds.extend(part.getBounds?.() ?? part.getLatLng());
  if (bounds.isValid()) map.fitBounds(bounds, PADDING);
  else map.setView([39.5, -98.35], 4);
}

function draw(canvas) {
  canvas.hidden = false;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = leaflet.map(canvas, {
    scrollWheelZoom: false,
    zoomSnap: 0.25,
    zoomAnimation: !still,
    fadeAnimation: !still,
    attributionControl: Boolean(canvas.dataset.tiles),
    zoomControl: false,
  });
  leaflet.control.zoom({ zoomInTitle: canvas.dataset.zoomIn, zoomOutTitle: canvas.dataset.zoomOut }).addTo(map);
  const areas = [];
  const show = () => fit(map, [...areas, ...markers(placesOf(canvas))]);
  show();
  map.on("resize", show); // a phone that is turned
  if (canvas.dataset.tiles) leaflet.tileLayer(canvas.dataset.tiles, { attribution: canvas.dataset.credit ?? "" }).addTo(map);
  addPlaces(map, () => placesOf(canvas));
  canvas.dispatchEvent(new CustomEvent("map:ready", { bubbles: true, detail: { map } }));
  addAreas(map, canvas.dataset.areas, areas, show);
  addOutline(map, canvas.dataset.outline);
}

function markers(places) {
  return places.map((place) => leaflet.marker([place.latitude, place.longitude]));
}

document.querySelectorAll("[data-map]").forEach(draw);
