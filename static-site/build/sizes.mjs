import { brotliCompressSync, constants } from "node:zlib";

/**
 * Budgets in bytes after brotli: own code and styles of the map page, what the first view needs in all, what the live
 * map adds, what the form adds with everything that it may come to need, what the largest other view adds, what times
 * without a network add, the whole police console without the live map, the whole page of institutions, and that of the
 * charts without published data, the largest of the plain pages,
 * the widget without published data, and the page that makes its snippet.
 */
const BUDGETS = {
  own: 25_000, first_view: 80_000, live_map: 150_000, form: 25_000, view: 10_000, offline: 10_000,
  console: 70_000, partner: 35_000, charts: 55_000, info: 20_000, embed: 30_000, generator: 35_000,
};

/** What comes when a view is opened. */
const FORM = /^report\/|^views\/receipt\.js$|^views\.css$|^languages\/urgent\.json$/;
const VIEW = /^views\/|^map\/streets/;
/** What a view and the charts both may come to need. */
const SHARED = /^shared\//;
const OFFLINE = /^offline\//;
const CONSOLE = /^police[./]|^offline\/alone|^languages\/police\/pl\.json$/;
const PARTNER = /^partner[./]|^languages\/partner\/pl\.json$/;
const CHARTS = /^dane[./]|^languages\/dane\/pl\.json$/;
const CONSOLE_SHARES = /^lib\/|^app\.css$|^languages\/pl\.json$/;
/** A plain page, read without the map: its own words are in it. */
const INFO = /^info[.]/;
const EMBED = /^embed[./]|^languages\/embed\/pl\.json$/;
const GENERATOR = /^generator[./]|^languages\/generator\/pl\.json$/;
const SOLVER = /^altcha/;

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
  const code = sum(own.members, (name) => /\.(js|css)$/.test(name) && !FORM.test(name) && !VIEW.test(name) && !SHARED.test(name) && !OFFLINE.test(name) && !CONSOLE.test(name) && !PARTNER.test(name) && !CHARTS.test(name) && !INFO.test(name) && !EMBED.test(name) && !GENERATOR.test(name));
  const language = sum(own.members, (name) => name === "languages/pl.json");
  const all = () => true;
  const views = [...own.members].filter(([name]) => VIEW.test(name)).map(([, body]) => brotli(body));
  const figures = {
    own: code,
    first_view: single("index.html") + single("config.json") + code + language,
    live_map: sum(vendor.members, (name) => !SOLVER.test(name)) + sum(data.members, all) + single("data/places.json"),
    form: sum(own.members, (name) => FORM.test(name)) + sum(vendor.members, (name) => SOLVER.test(name)),
    console: single("policja/index.html") + single("config.json") + sum(own.members, (name) => CONSOLE.test(name) || CONSOLE_SHARES.test(name)),
    partner: single("partner/index.html") + single("config.json") + sum(own.members, (name) => PARTNER.test(name) || CONSOLE_SHARES.test(name)),
    charts: single("dane/index.html") + single("config.json") + sum(own.members, (name) => CHARTS.test(name) || SHARED.test(name) || CONSOLE_SHARES.test(name)),
    embed: single("embed/index.html") + single("config.json") + sum(own.members, (name) => EMBED.test(name) || /^(app\.css|lib\/(dom|i18n)\.js|languages\/pl\.json)$/.test(name)),
    generator: single("embed/generator/index.html") + single("config.json") + sum(own.members, (name) => GENERATOR.test(name) || /^(app\.css|theme\.js|lib\/(dom|i18n|menu)\.js|languages\/pl\.json)$/.test(name)),
    info: Math.max(...[...files.keys()].filter((name) => name.startsWith("info/")).map(single)) + sum(own.members, (name) => INFO.test(name) || /^(app\.css|theme\.js)$/.test(name)),
    offline: single("sw.js") + single("app/pl.webmanifest") + sum(own.members, (name) => OFFLINE.test(name)),
    view: brotli(own.members.get("views.css") ?? "") + sum(own.members, (name) => SHARED.test(name)) + Math.max(...views),
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
    solver: sum(vendor.members, (name) => SOLVER.test(name)),
    h3: sum(vendor.members, (name) => name === "h3.js"),
  };
  return { ...figures, parts, budgets: BUDGETS, over };
}
