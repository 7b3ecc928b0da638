import { brotliCompressSync, constants } from "node:zlib";

/**
 * Budgets in bytes after brotli: own code and styles of the map page, what the first view needs in all, what the live
 * map adds, and what opening the form or another view adds.
 */
const BUDGETS = { own: 25_000, first_view: 80_000, live_map: 150_000, on_demand: 10_000 };

/** Modules that come when their view is opened. */
const ON_DEMAND = /^(report|views)\//;

/** @param {Buffer | string} body */
function brotli(body) {
  return brotliCompressSync(Buffer.from(body), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

/**
 * Brotli sizes of what a visitor fetches, each file by itself as it is sent; published data comes on top.
 * @param {{ files: Map<string, Buffer | string>, own: import("./group.mjs").Group,
 *   vendor: import("./group.mjs").Group, data: import("./group.mjs").Group }} built
 */
export function sizeReport({ files, own, vendor, data }) {
  /** @param {Map<string, Buffer>} members @param {(name: string) => boolean} wanted */
  const sum = (members, wanted) => {
    let total = 0;
    for (const [name, body] of members) if (wanted(name)) total += brotli(body);
    return total;
  };
  const single = (/** @type {string} */ name) => brotli(files.get(name) ?? "");
  const code = sum(own.members, (name) => /\.(js|css)$/.test(name) && !ON_DEMAND.test(name));
  const language = sum(own.members, (name) => name === "languages/pl.json");
  const all = () => true;
  const figures = {
    own: code,
    first_view: single("index.html") + single("config.json") + code + language,
    live_map: sum(vendor.members, all) + sum(data.members, all) + single("data/places.json"),
    on_demand: sum(own.members, (name) => ON_DEMAND.test(name)),
  };
  const over = Object.entries(BUDGETS)
    .filter(([name, budget]) => figures[/** @type {keyof typeof figures} */ (name)] > budget)
    .map(([name]) => name);
  const parts = {
    html: single("index.html"),
    config: single("config.json"),
    places: single("data/places.json"),
    basemap: sum(data.members, all),
    leaflet: sum(vendor.members, (name) => name.startsWith("leaflet")),
    h3: sum(vendor.members, (name) => name === "h3.js"),
  };
  return { ...figures, parts, budgets: BUDGETS, over };
}
