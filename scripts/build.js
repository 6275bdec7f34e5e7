// Compiles static/src into static/dist: theme, fonts, icons, browser modules, map outlines.
// Everything comes from node_modules and this tree; nothing is fetched.

import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { watch } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import * as sass from "sass";

import { statesOutline } from "./outline.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const source = path.join(root, "static", "src");
const product = path.join(root, "static", "dist");
const target = `${product}.new`; // swapped in at the end: a server beside us never sees half a theme
const modules = path.join(root, "node_modules");
const uswds = path.join(modules, "@uswds", "uswds");

// The theme is compiled with this otherwise unused USWDS family as its primary
// colour; each shade then becomes a custom property, so that a city's accent
// reaches USWDS's own components without compiling a theme per city.
const ACCENT = {
  "#e1e6f9": "--accent-lightest",
  "#96abee": "--accent-light",
  "#3f57a6": "--accent",
  "#374274": "--accent-dark",
  "#292d42": "--accent-darker",
};

async function write(name, content) {
  const file = path.join(target, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  const size = Buffer.byteLength(content);
  console.log(`${name.padEnd(28)} ${kb(size)} kB, ${kb(gzipSync(content).length)} kB compressed`);
}

function kb(bytes) {
  return (bytes / 1000).toFixed(1).padStart(7);
}

function compile(name) {
  const { css } = sass.compile(path.join(source, "scss", `${name}.scss`), {
    loadPaths: [path.join(uswds, "packages"), modules],
    style: "compressed",
    quietDeps: true,
    silenceDeprecations: ["if-function", "global-builtin", "import"],
  });
  return Object.entries(ACCENT).reduce(
    (text, [shade, property]) => text.replaceAll(new RegExp(`${shade}(?![0-9a-f])`, "gi"), `var(${property})`),
    css,
  );
}

async function theme() {
  const styles = compile("lyb");
  await copyImages(styles);
  await write("css/lyb.css", styles);
  await write("css/workbench.css", compile("workbench"));
  const leaflet = await readFile(path.join(modules, "leaflet", "dist", "leaflet.css"), "utf8");
  // We draw our own markers and have no layer switch: drop the rules that name images.
  const plain = leaflet.replace(/\/\*[^]*?\*\//g, "").replace(/[^{}]*\{[^{}]*url\([^{}]*\}/g, "");
  await write("css/map.css", plain.replace(/\s+/g, " ") + compile("map"));
}

async function copyImages(styles) {
  const named = new Set([...styles.matchAll(/url\("?\.\.\/img\/([^")?#]+)/g)].map((match) => match[1]));
  for (const name of named) {
    const own = await readFile(path.join(source, "img", name), "utf8").catch(() => null);
    await write(`img/${name}`, own ?? (await readFile(path.join(uswds, "dist", "img", name), "utf8")));
  }
}

async function fonts() {
  const files = path.join(modules, "@fontsource-variable", "public-sans", "files");
  await mkdir(path.join(target, "fonts"), { recursive: true });
  await cp(path.join(files, "public-sans-latin-wght-normal.woff2"), path.join(target, "fonts", "public-sans.woff2"));
  await cp(
    path.join(files, "public-sans-latin-ext-wght-normal.woff2"),
    path.join(target, "fonts", "public-sans-extended.woff2"),
  );
  // For documents: what sets PDF reads no web fonts.
  const printed = path.join(uswds, "packages", "uswds-core", "src", "assets", "fonts", "public-sans");
  await mkdir(path.join(target, "print"), { recursive: true });
  for (const style of ["Regular", "Italic", "SemiBold", "Bold"]) {
    await cp(path.join(printed, `PublicSans-${style}.ttf`), path.join(target, "print", `PublicSans-${style}.ttf`));
  }
}

async function symbol(name, file) {
  const drawing = await readFile(file, "utf8");
  const box = drawing.match(/viewBox="([^"]+)"/)[1];
  const inner = drawing.replace(/^[^]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  return `<symbol id="${name}" viewBox="${box}">${inner.trim()}</symbol>`;
}

async function icons() {
  const names = JSON.parse(await readFile(path.join(source, "icons.json"), "utf8"));
  const drawn = names.map((name) => symbol(name, path.join(uswds, "dist", "img", "usa-icons", `${name}.svg`)));
  const mark = symbol("lyb-mark", path.join(source, "img", "mark.svg"));
  const symbols = await Promise.all([mark, ...drawn]);
  await write("img/icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
  await write("img/mark.svg", await readFile(path.join(source, "img", "mark.svg"), "utf8"));
}

async function scripts() {
  await cp(path.join(source, "js"), path.join(target, "js"), { recursive: true });
  // Leaflet publishes itself as globalThis.L; map.js and location.js import it for that.
  const leaflet = await readFile(path.join(modules, "leaflet", "dist", "leaflet.js"), "utf8");
  await write("js/leaflet.js", leaflet.replace(/\/\/# sourceMappingURL.*/, ""));
}

async function build() {
  const began = Date.now();
  await rm(target, { recursive: true, force: true });
  await Promise.all([theme(), fonts(), icons(), scripts()]);
  await write("map/us-states.json", JSON.stringify(await statesOutline(modules)));
  await rm(product, { recursive: true, force: true });
  await rename(target, product);
  console.log(`static/dist is ready (${((Date.now() - began) / 1000).toFixed(1)} s).`);
}

await build();

if (process.argv.includes("--watch")) {
  let waiting;
  watch(source, { recursive: true }, () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => build().catch((error) => console.error(error.message)), 100);
  });
}
