import { brotliCompressSync, constants } from "node:zlib";

/** Budgets in bytes after brotli: own code and styles, the first view, what the live map adds. */
const BUDGETS = { own: 25_000, first_view: 80_000, live_map: 150_000 };

/** @param {Buffer | string} body */
function brotli(body) {
  return brotliCompressSync(Buffer.from(body), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

/**
 * Brotli sizes of what a visitor fetches; published data comes on top.
 * @param {{ files: Map<string, Buffer | string>, own: import("./group.mjs").Group,
 *   vendor: import("./group.mjs").Group, data: import("./group.mjs").Group }} built
 */
export function sizeReport({ files, own, vendor, data }) {
  /** @param {Iterable<readonly [string, Buffer]>} entries @param {RegExp} pattern */
  const sum = (entries, pattern) => {
    let total = 0;
    for (const [name, body] of entries) if (pattern.test(name)) total += brotli(body);
    return total;
  };
  const single = (/** @type {string} */ name) => brotli(files.get(name) ?? "");
  const code = sum(own.members, /\.(js|css)$/);
  const language = sum(own.members, /languages\/pl\.json$/);
  const figures = {
    own: code,
    first_view: single("index.html") + single("config.json") + code + language,
    live_map: sum(vendor.members, /./) + sum(data.members, /./) + single("data/places.json"),
  };
  const over = Object.entries(BUDGETS)
    .filter(([name, budget]) => figures[/** @type {keyof typeof figures} */ (name)] > budget)
    .map(([name]) => name);
  const parts = {
    html: single("index.html"),
    config: single("config.json"),
    places: single("data/places.json"),
    basemap: sum(data.members, /./),
    leaflet: sum(vendor.members, /leaflet/),
    h3: sum(vendor.members, /h3/),
  };
  return { ...figures, parts, budgets: BUDGETS, over };
}
