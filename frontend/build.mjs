// Builds the committed files in src/jianguan/platform/web/static/jianguan: `make frontend`.
// The same sources give the same bytes; build.json says which sources the output belongs to.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const house = path.join(here, "../src/jianguan");
const packs = path.join(here, "../packs");
const out = path.join(house, "platform/web/static/jianguan");

// An icon is named in one of these ways: {% icon "bell" %}, icon("bell"), icon="bell".
const ICON_IN_USE = `\\bicon(?:\\s+|\\s*=\\s*|\\()["']([a-z0-9-]+)["']`;
const ICON_OF_MATTER = "^icon: ([a-z0-9-]+)$"; // in packs
// Chromium 109 and older drop a declaration that uses one of these.
const TOO_NEW = /light-dark\(|color-mix\(|oklch\(|:has\(|@property|@layer|@container/;

// diagram-js mixes its accent with nothing, which those browsers cannot: our accent, written out.
const WRITTEN_OUT = {
  name: "written-out",
  setup: ({ onLoad }) =>
    onLoad({ filter: /diagram-js\.css$/ }, ({ path: file }) => ({
      contents: fs.readFileSync(file, "utf8").replace(/color-mix\(in srgb, var\([a-z-]+\) (\d+)%, transparent\)/g, "rgba(42, 107, 191, 0.$1)"),
      loader: "css",
    })),
};

const icons = sprite(iconsInUse()); // first, because it may refuse; the old files are still there then
fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });

const built = await esbuild.build({
  absWorkingDir: here,
  entryPoints: [
    "src/js/app.js", "src/css/app.css", "src/css/noscript.css",
    "src/modeler/modeler.js", "src/modeler/modeler.css", // loaded by one page only
  ],
  outdir: out,
  entryNames: "[name]",
  bundle: true,
  minify: true,
  format: "iife",
  legalComments: "none", // licences.txt has them in full
  target: ["chrome88", "firefox102", "safari15"],
  logLevel: "warning",
  metafile: true,
  plugins: [WRITTEN_OUT],
});
for (const name of ["app.css", "noscript.css", "modeler.css"]) {
  const found = TOO_NEW.exec(fs.readFileSync(path.join(out, name), "utf8"));
  if (found) throw new Error(`${name} uses ${found[0]}, which the browsers we promise do not know.`);
}

fs.writeFileSync(path.join(out, "icons.svg"), icons);
for (const name of ["logo.svg", "favicon.svg"]) fs.copyFileSync(path.join(here, "src/art", name), path.join(out, name));
fs.writeFileSync(path.join(out, "licences.txt"), licences([...new Set([...packagesIn(built), "@tabler/icons"])].sort()));
fs.writeFileSync(path.join(out, "build.json"), manifest());

function iconsInUse() {
  const files = filesBelow(house).filter((file) => file.endsWith(".py") || /\/templates\/.*\.html$/.test(file));
  const matters = filesBelow(packs).filter((file) => /\/(matter|packages\/[a-z0-9_]+)\.yaml$/.test(file));
  const names = [...matchesIn(files, ICON_IN_USE), ...matchesIn(matters, ICON_OF_MATTER)];
  return [...new Set(names)].sort();
}

function matchesIn(files, pattern) {
  const sought = new RegExp(pattern, "gm");
  return files.flatMap((file) => [...fs.readFileSync(file, "utf8").matchAll(sought)].map((match) => match[1]));
}

function sprite(names) {
  const outlines = path.join(here, "node_modules/@tabler/icons/icons/outline");
  const unknown = names.filter((name) => !fs.existsSync(path.join(outlines, `${name}.svg`)));
  if (unknown.length) throw new Error(`Tabler has no icon called ${unknown.join(", ")}: see https://tabler.io/icons`);
  const symbols = names.map((name) => {
    const shapes = fs
      .readFileSync(path.join(outlines, `${name}.svg`), "utf8")
      .replace(/^[^]*?<svg[^>]*>|<\/svg>/g, "")
      .replace(/\s+/g, " ")
      .replace(/> </g, "><")
      .trim();
    return (
      `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"` +
      ` stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

/** Names of the packages of which something went into the build. */
function packagesIn(built) {
  return Object.keys(built.metafile.inputs).flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
}

function licences(packages) {
  return packages.map((name) => `${name}\n\n${licence(path.join(here, "node_modules", name))}\n`).join("\n----\n\n");
}

function licence(folder) {
  const name = fs.readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  if (!name) throw new Error(`${folder} brings no licence.`);
  return fs.readFileSync(path.join(folder, name), "utf8").trim();
}

function manifest() {
  const own = ["build.mjs", "package.json", "package-lock.json"].map((name) => path.join(here, name));
  const record = {
    icon_pattern: ICON_IN_USE,
    matter_pattern: ICON_OF_MATTER,
    icons: iconsInUse(),
    sources: hashes(here, [...own, ...filesBelow(path.join(here, "src"))]),
    outputs: hashes(out, filesBelow(out)),
  };
  return `${JSON.stringify(record, null, 1)}\n`;
}

function hashes(root, files) {
  const lines = files.map((file) => [
    path.relative(root, file),
    createHash("sha256").update(fs.readFileSync(file)).digest("hex"),
  ]);
  return Object.fromEntries(lines.sort());
}

function filesBelow(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(file) : [file];
  });
}
