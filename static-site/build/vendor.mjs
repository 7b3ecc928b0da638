// Third-party packages as they stand in the lock file; what is published raw is minified, nothing else is touched.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build, transform } from "esbuild";

const HERE = path.dirname(fileURLToPath(import.meta.url));

/** @param {string} file @param {"js" | "css"} loader */
async function minified(file, loader) {
  const source = await readFile(new URL(import.meta.resolve(file)), "utf8");
  const result = await transform(source, { loader, minify: true, legalComments: "inline", target: "es2022" });
  return result.code.replace(/\/[/*]# sourceMappingURL=.*$/gm, "");
}

/** Of a package that is published as one file, only what is named. @param {string} name @param {string} names */
async function part(name, names) {
  const result = await build({
    stdin: { contents: `export { ${names} } from "${name}";`, resolveDir: HERE },
    bundle: true, write: false, minify: true, format: "esm", legalComments: "inline", target: "es2022",
  });
  return result.outputFiles[0].text;
}

/** Vector tiles on Leaflet's canvas: published for pages that have Leaflet as a global. */
async function protomaps() {
  const result = await build({
    stdin: { contents: 'export { leafletLayer } from "protomaps-leaflet";', resolveDir: HERE },
    bundle: true, write: false, minify: true, format: "esm", legalComments: "inline", target: "es2022",
    banner: { js: 'import * as L from "leaflet";' },
  });
  return result.outputFiles[0].text;
}

/** @param {boolean} streets whether the instance draws vector tiles @returns {Promise<Map<string, string>>} */
export async function vendorFiles(streets) {
  return new Map([
    ...(streets ? /** @type {[string, string][]} */ ([[BARE_NAMES["protomaps-leaflet"], await protomaps()]]) : []),
    ["leaflet.js", await minified("leaflet/dist/leaflet-src.esm.js", "js")],
    ["leaflet.css", await minified("leaflet/dist/leaflet.css", "css")],
    ["altcha.js", await part("altcha/lib", "solveChallengeWorkers")],
    ["altcha-worker.js", await minified("altcha/workers/pbkdf2", "js")],
    ["h3.js", await minified("h3-js/dist/browser/h3-js.es.js", "js")],
  ]);
}

/** What the import map calls them → file of the group. */
export const BARE_NAMES = {
  leaflet: "leaflet.js", "h3-js": "h3.js", "altcha/lib": "altcha.js", "altcha/workers/pbkdf2": "altcha-worker.js",
  "protomaps-leaflet": "protomaps.js",
};
