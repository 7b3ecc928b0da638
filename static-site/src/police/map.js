// The unit's cases on the site's own map layer; and the map on which a wrong place is put right.
import * as L from "leaflet";

import { places } from "../data/places.js";
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { loadSheet } from "../lib/styles.js";
import { loadBasemap } from "../map/basemap.js";
import { CanvasLayer } from "../map/layer.js";
import { readPalette } from "../map/palette.js";
import { address } from "./route.js";
import { store } from "./store.js";

/** @typedef {import("./store.js").Row} Row */

const REACH = 22;
/** @type {Promise<unknown> | null} */
let sheet = null;

/** @param {HTMLElement} element @param {{ lat: number, lon: number, id: string, status: string }[]} points @param {string | null} selected */
async function siteMap(element, points, selected) {
  sheet ??= loadSheet(new URL(import.meta.resolve("leaflet")).pathname.replace(/\.js$/, ".css"), "prepend");
  await sheet;
  const [west, south, east, north] = store.config.bounds;
  const map = L.map(element, { zoomControl: false, attributionControl: false, minZoom: 4, maxZoom: 18, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, zoomSnap: 0.25 });
  const credits = L.control.attribution({ prefix: false, position: "bottomright" }).addTo(map).addAttribution("Leaflet · Natural Earth · GeoNames (CC BY 4.0)");
  /** @type {import("../map/paint.js").Scene} */
  const scene = {
    basemap: null, hexes: [], places: [], selected, palette: readPalette(), allPoints: true, statusWord: (status) => t(`status.${status}`),
    points: points.map((point) => ({ ...point, category: "", day: "" })),
  };
  const layer = new CanvasLayer(scene);
  if (points.length > 0) map.fitBounds(L.latLngBounds(points.map(({ lat, lon }) => /** @type {[number, number]} */ ([lat, lon]))).pad(0.2), { maxZoom: 15, animate: false });
  else map.fitBounds([[south, west], [north, east]], { animate: false });
  layer.addTo(map);
  const { basemap } = store.config;
  if (basemap.type !== "builtin") {
    const { addStreets } = await import("../map/streets.js");
    const seen = (/** @type {boolean} */ streets) => { scene.streets = streets; layer.redraw(); };
    void addStreets(map, basemap, document.documentElement.lang, { attribution: (html) => void credits.addAttribution(html), seen, onTheme: () => {} });
  }
  const [land, names] = await Promise.allSettled([loadBasemap(store.config.basemap.outline), places()]);
  if (land.status === "fulfilled") scene.basemap = land.value;
  if (names.status === "fulfilled") scene.places = names.value;
  layer.redraw();
  new ResizeObserver(() => map.invalidateSize(false)).observe(element);
  return map;
}

/** @param {L.Map} map */
function tools(map) {
  const tool = (/** @type {string} */ symbol, /** @type {string} */ label, /** @type {() => void} */ go) => h("button", { type: "button", class: "tool", "aria-label": label, onclick: go }, icon(symbol));
  return h("div", { class: "case-map-tools" }, tool("plus", t("map.closer"), () => map.zoomIn()), tool("minus", t("map.farther"), () => map.zoomOut()));
}

/** @param {HTMLElement} place @param {Row[]} rows */
export async function caseMap(place, rows) {
  const element = h("div", { class: "case-map", role: "region", "aria-label": t("map.cases") });
  place.append(h("div", { class: "case-map-frame" }, element));
  const map = await siteMap(element, rows.map(({ id, status, location: { lat, lon } }) => ({ id, status, lat, lon })), null);
  element.parentElement?.append(tools(map));
  map.on("click", (event) => {
    const target = map.latLngToContainerPoint(event.latlng);
    let best = { id: "", distance: REACH };
    for (const { id, location: { lat, lon } } of rows) {
      const distance = map.latLngToContainerPoint([lat, lon]).distanceTo(target);
      if (distance < best.distance) best = { id, distance };
    }
    if (best.id) location.hash = address("case", best.id);
  });
  element.dataset.drawn = "true";
}

/** @param {HTMLElement} element @param {Row} row */
export async function placeMap(element, row) {
  const { lat, lon } = row.location;
  const map = await siteMap(element, [{ id: row.id, status: row.status, lat, lon }], row.id);
  map.setView([lat, lon], 15, { animate: false });
  element.parentElement?.append(tools(map));
  return map;
}

/** A map whose centre is the place that is meant. @param {HTMLElement} frame @param {Row} row @param {(place: { lat: number, lon: number }) => void} moved */
export async function pickMap(frame, row, moved) {
  const element = h("div", { class: "case-map", role: "region", "aria-label": t("map.pick") });
  frame.append(element, h("div", { class: "pick-cross", "aria-hidden": "true" }, icon("crosshair")));
  const map = await placeMap(element, row);
  map.setZoom(17, { animate: false });
  map.options.keyboardPanDelta = 20;
  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    moved({ lat: Number(lat.toFixed(6)), lon: Number(lng.toFixed(6)) });
  });
  map.on("click", (event) => map.panTo(event.latlng, { animate: false }));
}

/** The places of a patrol plan, each with the best of its ranks. @param {HTMLElement} place @param {import("./plan.js").Line[]} rows */
export async function planMap(place, rows) {
  const element = h("div", { class: "case-map", role: "region", "aria-label": t("map.plan") });
  place.append(h("div", { class: "case-map-frame plan-map" }, element));
  const places = new Map(rows.toReversed().map((row) => [row.cell, row]));
  const map = await siteMap(element, [], null);
  map.fitBounds(L.latLngBounds([...places.values()].map(({ lat, lon }) => /** @type {[number, number]} */ ([lat, lon]))).pad(0.25), { maxZoom: 14, animate: false });
  for (const { rank, lat, lon } of places.values()) {
    // The list says the same to keys and readers, so the markers are no stops of their own.
    const marker = L.marker([lat, lon], { keyboard: false, zIndexOffset: -rank, icon: L.divIcon({ className: "plan-marker", iconSize: [44, 44], html: h("span", { "aria-hidden": "true" }, String(rank)) }) });
    marker.on("click", () => {
      const row = document.getElementById(`plan-${rank}`);
      row?.focus();
      row?.scrollIntoView({ block: "center" });
    });
    marker.addTo(map);
  }
  element.parentElement?.append(tools(map));
}
