// The pin of a place question: press the map, take the place where one is, or write numbers. The words above
// it are enough for an answer; this is an offer. Markup: templates/grants/cycles/questions/location.html.
// Leaflet is fetched when the map comes near the screen, and only where the city has shapes to draw.

const DECIMALS = 5; // about a metre
const CLOSE = 14; // zoom where no area tells what to show
const LETTER = 7.5; // px, to tell whether a name fits into its area

/** Offer the tools of one question. */
function start(block) {
  const find = (name) => block.querySelector(`[data-location-${name}]`);
  const input = (name) => document.getElementById(block.dataset[`${name}Input`]);
  const place = { block, find, lat: input("lat"), lng: input("lng"), map: null, marker: null, areas: [] };
  find("tools").hidden = false;
  find("here").hidden = !navigator.geolocation;
  find("here").addEventListener("click", () => useHere(place));
  find("remove").addEventListener("click", () => removePin(place));
  block.addEventListener("change", (event) => {
    if (event.isTrusted && [place.lat, place.lng].includes(event.target)) showPin(place);
  });
  showPin(place);
  if (block.dataset.areas) whenNear(block, () => drawMap(place).catch(() => {}));
}

function whenNear(element, act) {
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    act();
  }, { rootMargin: "400px" });
  seen.observe(element);
}

function point(place) {
  const [lat, lng] = [place.lat, place.lng].map((input) => Number.parseFloat(input.value.replace(",", ".")));
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? [lat, lng] : null;
}

/** Write a place into the inputs and let the page know, once. */
function setPin(place, lat, lng) {
  place.lat.value = lat.toFixed(DECIMALS);
  place.lng.value = lng.toFixed(DECIMALS);
  tellPage(place);
  showPin(place, { isNew: true });
}

function removePin(place) {
  place.lat.value = "";
  place.lng.value = "";
  tellPage(place);
  showPin(place);
  say(place, "gone");
  (place.map ? place.find("canvas") : place.find("here")).focus();
}

function tellPage({ lng }) {
  for (const type of ["input", "change"]) lng.dispatchEvent(new Event(type, { bubbles: true }));
}

/** Draw the pin where the inputs say, and name its area. */
function showPin(place, { isNew = false } = {}) {
  const at = point(place);
  place.find("remove").hidden = !at;
  place.marker?.remove();
  place.marker = null;
  if (!at) return say(place, "");
  const area = place.areas.find((one) => one.holds(at));
  say(place, area ? "in" : "set", area?.name);
  if (!place.map) return;
  place.marker = pin(place, at).addTo(place.map);
  if (isNew) place.map.panTo(at); // so that pressing and zooming alone reach every place (WCAG 2.5.7)
  else look(place, at, area);
}

/** Show a place with what lies around it: shapes alone tell nothing from close by. */
function look({ map }, at, area) {
  if (area) map.fitBounds(area.bounds.pad(0.7));
  else map.setView(at, CLOSE);
}

function say(place, what, area = "") {
  const sentence = what ? place.block.dataset[`said${what[0].toUpperCase()}${what.slice(1)}`] : "";
  place.find("said").textContent = sentence.replace("{area}", area);
}

function useHere(place) {
  say(place, "looking");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      setPin(place, coords.latitude, coords.longitude);
      if (place.map) showPin(place);
    },
    () => say(place, "failed"),
    { enableHighAccuracy: true, timeout: 15000 },
  );
}

async function drawMap(place) {
  const { areas, styles } = place.block.dataset;
  const answer = await fetch(areas);
  const shapes = answer.ok ? await answer.json() : null;
  if (!shapes?.features?.length) return;
  await Promise.all([import("./leaflet.js"), addStyles(styles)]);
  place.find("frame").hidden = false;
  place.map = newMap(place.find("canvas"), place.block.dataset);
  addAreas(place, shapes);
  place.map.on("click", ({ latlng }) => setPin(place, latlng.lat, latlng.lng));
  useKeys(place);
  showPin(place);
}

/** Put the pin in the middle by Enter; show the middle only to those who use keys. */
function useKeys(place) {
  const canvas = place.find("canvas");
  const byKeyboard = (isOn) => place.find("frame").classList.toggle("is-by-keyboard", isOn);
  canvas.addEventListener("keyup", () => byKeyboard(true));
  canvas.addEventListener("pointerdown", () => byKeyboard(false));
  canvas.addEventListener("blur", () => byKeyboard(false));
  canvas.addEventListener("keydown", (event) => {
    if (event.target !== canvas || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    const { lat, lng } = place.map.getCenter();
    setPin(place, lat, lng);
  });
}

function addStyles(address) {
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
    link.addEventListener("load", resolve);
    link.addEventListener("error", reject);
    document.head.append(link);
  });
}

function newMap(canvas, words) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = globalThis.L.map(canvas, {
    attributionControl: false,
    scrollWheelZoom: false,
    zoomControl: false,
    zoomSnap: 0.25,
    zoomAnimation: !still,
    fadeAnimation: !still,
    maxZoom: 18,
  });
  globalThis.L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  return map;
}

function addAreas(place, shapes) {
  const layer = globalThis.L.geoJSON(shapes, { interactive: false, style: { className: "area", fillOpacity: 1, weight: 1 } });
  place.map.fitBounds(layer.getBounds(), { padding: [12, 12] });
  layer.addTo(place.map).eachLayer((each) => {
    const name = each.feature.properties?.name ?? "";
    place.areas.push({ name, bounds: each.getBounds(), holds: (at) => rings(each.feature.geometry).some((ring) => isInside(ring, at)) });
    each.bindTooltip(textNode(name), { permanent: true, direction: "center", className: "area-name" });
  });
  const showNames = () => layer.eachLayer((each) => (hasRoom(place.map, each) ? each.openTooltip() : each.closeTooltip()));
  place.map.on("zoomend", showNames);
  showNames();
}

function textNode(text) {
  return Object.assign(document.createElement("span"), { textContent: text });
}

function hasRoom(map, layer) {
  const box = layer.getBounds();
  const width = map.latLngToLayerPoint(box.getNorthEast()).x - map.latLngToLayerPoint(box.getSouthWest()).x;
  return width > (layer.feature.properties?.name ?? "").length * LETTER;
}

/** The outer rings of a shape, [longitude, latitude] each. */
function rings({ type, coordinates }) {
  if (type === "Polygon") return [coordinates[0]];
  return type === "MultiPolygon" ? coordinates.map((polygon) => polygon[0]) : [];
}

/** Count the sides that a line eastward from the place crosses. */
function isInside(ring, [lat, lng]) {
  let inside = false;
  for (const [index, [x, y]] of ring.entries()) {
    const [beforeX, beforeY] = ring.at(index - 1);
    if (y > lat !== beforeY > lat && lng < ((beforeX - x) * (lat - y)) / (beforeY - y) + x) inside = !inside;
  }
  return inside;
}

function pin(place, at) {
  const dot = Object.assign(document.createElement("span"), { className: "pin pin--place" });
  const icon = globalThis.L.divIcon({ html: dot, className: "", iconSize: [34, 34], iconAnchor: [17, 41] });
  const marker = globalThis.L.marker(at, { icon, keyboard: false, draggable: true, autoPan: true });
  marker.on("dragend", () => setPin(place, marker.getLatLng().lat, marker.getLatLng().lng));
  return marker;
}

for (const block of document.querySelectorAll("[data-location-map]")) {
  if (!block.closest("[data-row]")) start(block); // the cell of a table is too small for a map
}
