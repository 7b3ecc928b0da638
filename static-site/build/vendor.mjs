// Third-party packages as they stand in the lock file; what is published raw is minified, nothing else is touched.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { transform } from "esbuild";

const require = createRequire(import.meta.url);

/** @param {string} file @param {"js" | "css"} loader */
async function minified(file, loader) {
  const source = await readFile(require.resolve(file), "utf8");
  const result = await transform(source, { loader, minify: true, legalComments: "inline", target: "es2022" });
  return result.code.replace(/\/[/*]# sourceMappingURL=.*$/gm, "");
}

/** @returns {Promise<Map<string, string>>} */
export async function vendorFiles() {
  return new Map([
    ["leaflet.js", await minified("leaflet/dist/leaflet-src.esm.js", "js")],
    ["leaflet.css", await minified("leaflet/dist/leaflet.css", "css")],
    ["h3.js", await minified("h3-js/dist/browser/h3-js.es.js", "js")],
  ]);
}

/** What the import map calls them → file of the group. */
export const BARE_NAMES = { leaflet: "leaflet.js", "h3-js": "h3.js" };
