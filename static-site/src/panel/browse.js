// The panel beside the map: one sentence on what is in view, filters, legend, and the list that says what the map shows.
import { knownPlace, placeName, places } from "../data/places.js";
import { announce, byId, fill, focusOn, h, icon } from "../lib/dom.js";
import { dayText, momentText, nameOf, number, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { viewStyles } from "../lib/styles.js";
import { filterChips, statusMark } from "./filters.js";
import { legend } from "./legend.js";
import { setSheet, sheetHeight } from "./sheet.js";

/** @typedef {import("../data/hexes.js").Hex} Hex */
/** @typedef {import("../data/places.js").Place} Place */
/** @typedef {import("../map/paint.js").Point} Point */

const MOST = 30;
/** A map that is being moved says nothing. */
const REST_MS = 800;
let filtersOpen = false;
/** What can be saved of the view; offered from the first time on that somebody has asked. @type {(() => HTMLElement) | null} */
let downloads = null;
/** @type {Place[]} */
let gazetteer = [];

/** @param {string} code */
export function categoryName(code) {
  const category = state.category(code);
  return category ? nameOf(category.names) : code;
}

/** @param {number} lat @param {number} lon @returns {string} name of the nearest place, or "" before it is known */
export function nearbyName(lat, lon) {
  return nameWithin(lat, lon, 0);
}

/** Kilometres from a cell's centre to its sides, by resolution. */
const REACH = { 5: 8.5, 6: 3.2, 7: 1.2 };

/** A hexagon is known by the town in it. @param {Hex} hex @returns {string} */
export function hexName(hex) {
  // The second digit of an H3 index is its resolution.
  return nameWithin(hex.lat, hex.lon, REACH[/** @type {5} */ (Number(hex.id[1]))] ?? 0);
}

/** @param {number} lat @param {number} lon @param {number} reach */
function nameWithin(lat, lon, reach) {
  const place = knownPlace(gazetteer, lat, lon, reach);
  return place === null ? "" : placeName(place);
}

/** Loads the names once; what names a place is drawn without them until then. */
export async function loadNames() {
  gazetteer = await places().catch(() => []);
}

function sentence() {
  const { status, hexes, points } = state.shown;
  if (status !== "ready") return null;
  const total = hexes.reduce((sum, hex) => sum + hex.count, 0);
  if (total === 0 && points.length === 0) return h("p", { class: "lead" }, t("list.nothing"));
  const strongest = hexes.reduce((best, hex) => (hex.count > best.count ? hex : best), hexes[0]);
  const many = t(`list.total_${state.route.window}`, { n: total });
  const name = strongest && hexName(strongest);
  const column = state.route.window === "28d" ? "hot28" : "hot365";
  const sure = state.route.categories.length > 0 ? 0 : hexes.filter(({ file, position }) => (file[column]?.[position] ?? 0) > 0).length;
  return h("p", { class: "lead" }, h("strong", {}, many), " ", name && t("list.strongest", { place: name, n: strongest.count }), sure > 0 && ` ${t("list.sure", { n: sure })}`);
}

/** What was said last of the map. */
let said = "";
let resting = 0;

/** Tells whoever does not see the map what it shows now, once it rests. @param {string | null | undefined} text */
function tell(text) {
  clearTimeout(resting);
  if (text) resting = setTimeout(() => { if (said && said !== text) announce(text); said = text; }, REST_MS);
}

/** @param {string} title @param {string} text @param {string} symbol @param {Node | null} [action] */
export function notice(title, text, symbol, action = null) {
  return h("div", { class: "notice" }, icon(symbol, "icon large"), h("h2", {}, title), h("p", {}, text), action);
}

function condition() {
  const { status, partial } = state.shown;
  const again = h("button", { type: "button", class: "button", onclick: () => document.dispatchEvent(new Event("reload-data")) }, icon("refresh-cw"), t("state.retry"));
  if (status === "empty") return notice(t("state.empty_title"), t("state.empty"), "map");
  if (status === "failed" && !navigator.onLine) return notice(t("state.offline_title"), t("state.offline"), "wifi-off", again);
  if (status === "failed") return notice(t("state.failed_title"), t("state.failed"), "triangle-alert", again);
  const { kept, manifest } = state.published;
  return [
    kept && manifest !== null && h("p", { class: "hint stale", role: "status" }, icon("wifi-off"), " ", t("state.kept", { when: momentText(manifest.published_at) })),
    partial && h("p", { class: "hint" }, t("state.partial")),
  ];
}

/** @param {Hex} hex */
function hexItem(hex) {
  const name = hexName(hex);
  return h("li", {}, h("a", { class: "item", href: "#/map", onclick: open(hex.id) },
    h("span", { class: `swatch level-${hex.level}`, "aria-hidden": "true" }),
    h("span", { class: "grow" }, h("strong", {}, name ? t("place.near", { place: name }) : t("place.unnamed")), hex.top && h("small", {}, categoryName(hex.top))),
    h("span", { class: "figure" }, number(hex.count), h("span", { class: "hidden" }, ` ${t("list.reports", { n: hex.count })}`)),
    icon("chevron-right")));
}

/** @param {Point} point */
function pointItem(point) {
  const category = state.category(point.category);
  return h("li", {}, h("a", { class: "item", href: "#/map", onclick: open(point.id) },
    category ? icon(category.icon, "icon category") : null,
    h("span", { class: "grow" }, h("strong", {}, categoryName(point.category)), h("small", {}, statusMark(point.status), t(`status.${point.status}`), " · ", dayText(point.day))),
    icon("chevron-right")));
}

/** @param {string} id */
function open(id) {
  return (/** @type {Event} */ event) => {
    event.preventDefault();
    state.go({ view: "map", step: "", selected: id });
  };
}

/** @param {string} title @param {Node[]} items @param {number} all */
function section(title, items, all) {
  if (items.length === 0) return null;
  return h("section", { class: "listing" }, h("h2", {}, title), h("ul", { class: "items" }, items), all > items.length && h("p", { class: "hint" }, t("list.more", { n: all - items.length })));
}

/** @param {HTMLElement} body */
export function drawBrowse(body) {
  const lead = sentence();
  tell(lead?.textContent);
  if (filtersOpen) {
    // Drawn once: drawing it again at each tick would take the focus away.
    if (body.querySelector(".filters") === null) void drawFilters(body);
    return;
  }
  const focused = body.contains(document.activeElement);
  const { hexes, points, status } = state.shown;
  const ranked = [...hexes].sort((a, b) => b.count - a.count);
  const recent = [...points].sort((a, b) => (a.day < b.day ? 1 : -1));
  const scroll = body.scrollTop;
  fill(body,
    h("h1", { class: "hidden" }, t("panel.label")),
    // What is said while it loads stands in the same lines: nothing moves when the numbers have come.
    lead ?? (status === "ready" ? null : h("p", { class: "lead" }, t("app.lead"), status === "loading" && h("span", { class: "loading", role: "status" }, ` ${t("state.loading")}`))),
    filterChips(() => void showFilters(true, body)),
    condition(),
    status === "ready" && legend(),
    section(t("list.points"), recent.slice(0, MOST).map(pointItem), recent.length),
    section(t("list.hexes"), ranked.slice(0, MOST).map(hexItem), ranked.length),
    h("div", { class: "row" }, h("a", { class: "button", href: "#/subscribe" }, icon("mail"), t("subscribe.link")),
      hexes.length > 0 && (downloads?.() ?? h("button", { type: "button", class: "button", onclick: () => void offerDownload(body) }, icon("download"), t("download.link")))),
    status === "ready" && h("p", { class: "hint" }, t("list.honest")));
  body.scrollTop = scroll;
  if (focused && !body.contains(document.activeElement)) /** @type {HTMLElement | null} */ (body.querySelector(".chip"))?.focus();
}

/** @param {HTMLElement} body */
async function offerDownload(body) {
  downloads = (await import("../views/download.js")).drawDownload;
  drawBrowse(body);
  /** @type {HTMLElement | null} */ (body.querySelector(".downloads .button"))?.focus();
}

/** @param {HTMLElement} body */
async function drawFilters(body) {
  const [{ filterPanel }] = await Promise.all([import("../views/filters.js"), viewStyles()]);
  if (!filtersOpen) return;
  fill(body, h("h1", {}, t("filter.title")), filterPanel(() => void showFilters(false, body), () => void drawFilters(body)));
  focusOn(body.querySelector("h1"));
}

/** @param {boolean} on @param {HTMLElement} body */
async function showFilters(on, body) {
  filtersOpen = on;
  if (sheetHeight() === "peek" || on) setSheet(on ? "full" : "half");
  if (on) await drawFilters(body);
  else drawBrowse(body);
  body.scrollTop = 0;
  if (!on) focusOn(body.querySelector(".chip"));
}

/** From the button beside the search. */
export function openFilters() {
  state.go({ view: "map", step: "", selected: null });
  void showFilters(true, byId("panel-body"));
}

/** Leaving the list closes the filters. */
export function closeFilters() {
  filtersOpen = false;
}
