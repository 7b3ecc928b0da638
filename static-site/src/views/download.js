// What map and list show now, as tables: the same columns as those of the bulk exports, and only what the filters leave.
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { csv } from "../shared/csv.js";
import { save } from "../shared/save.js";

/** Decimal places of a degree that tell one finest hexagon from the next. */
const PLACES = 5;

/** @param {string} kind @param {string} text */
function keep(kind, text) {
  save(new Blob([text], { type: "text/csv;charset=utf-8" }), `czujka-${kind}-${state.published.manifest?.day ?? ""}.csv`);
}

/** @param {number} degrees */
function rounded(degrees) {
  return Number(degrees.toFixed(PLACES));
}

/** @returns {string} */
export function hexagonsTable() {
  return csv(["cell", "lat", "lon", "window", "categories", "reports", "reports_365d", "reports_28d", "top"], state.shown.hexes.map((hex) => [
    hex.id, rounded(hex.lat), rounded(hex.lon), state.route.window, state.route.categories.join(" ") || "all", hex.count, hex.year, hex.month, hex.top]));
}

/** @returns {string} */
export function reportsTable() {
  return csv(["id", "category", "status", "created_day", "lat", "lon"], state.shown.points.map(({ id, category, status, day, lat, lon }) => [id, category, status, day, rounded(lat), rounded(lon)]));
}

/** Buttons that save what is seen when they are pressed, and where the whole is. */
export function drawDownload() {
  const button = (/** @type {string} */ text, /** @type {() => void} */ act) => h("button", { type: "button", class: "button", onclick: act }, icon("download"), text);
  return h("div", { class: "row downloads" },
    button(t("download.hexes", { n: state.shown.hexes.length }), () => keep("hexagons", hexagonsTable())),
    state.shown.points.length > 0 && button(t("download.points", { n: state.shown.points.length }), () => keep("reports", reportsTable())),
    h("a", { href: "/dane/" }, t("download.all")));
}
