// US state outlines for maps without tiles: the Census shapes of us-atlas, simplified.

import { readFile } from "node:fs/promises";
import path from "node:path";

import { feature } from "topojson-client";

const TOLERANCE = 0.05; // degrees: about 5 km, a pixel on a map of the country
const FIRST_TERRITORY = 57; // FIPS codes: the fifty states and D.C. come before
const PUERTO_RICO = 72;

export async function statesOutline(modules) {
  const file = path.join(modules, "us-atlas", "states-10m.json");
  const topology = JSON.parse(await readFile(file, "utf8"));
  const simple = { ...topology, arcs: topology.arcs.map((arc) => simplify(absolute(arc, topology.transform))) };
  delete simple.transform;
  const { features } = feature(simple, simple.objects.states);
  return { type: "FeatureCollection", features: features.filter(isState).map(rounded).filter(hasArea) };
}

function absolute(arc, { scale, translate }) {
  let x = 0;
  let y = 0;
  return arc.map(([dx, dy]) => {
    x += dx;
    y += dy;
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
  });
}

// Douglas and Peucker on shared arcs, so that neighbours keep one common border.
function simplify(points) {
  if (points.length < 3) return points;
  const [first, last] = [points[0], points.at(-1)];
  let far = 0;
  let at = 0;
  for (let index = 1; index < points.length - 1; index += 1) {
    const distance = distanceTo(points[index], first, last);
    if (distance > far) [far, at] = [distance, index];
  }
  if (far <= TOLERANCE) return [first, last];
  return [...simplify(points.slice(0, at + 1)).slice(0, -1), ...simplify(points.slice(at))];
}

function distanceTo([x, y], [x1, y1], [x2, y2]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = Math.hypot(dx, dy);
  if (length === 0) return Math.hypot(x - x1, y - y1);
  return Math.abs(dy * x - dx * y + x2 * y1 - y2 * x1) / length;
}

function isState({ id }) {
  return Number(id) < FIRST_TERRITORY || Number(id) === PUERTO_RICO;
}

function rounded({ properties, geometry }) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const coordinates = polygons
    .map((rings) => rings.map((ring) => ring.map(([x, y]) => [shifted(x), Number(y.toFixed(2))])))
    .map((rings) => rings.filter((ring) => ring.length > 3))
    .filter((rings) => rings.length > 0);
  return { type: "Feature", properties: { name: properties.name }, geometry: { type: "MultiPolygon", coordinates } };
}

// The Aleutians reach over the date line: keep Alaska in one piece.
function shifted(x) {
  return Number((x > 0 ? x - 360 : x).toFixed(2));
}

function hasArea({ geometry }) {
  return geometry.coordinates.length > 0;
}
