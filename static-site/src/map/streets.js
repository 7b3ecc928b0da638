// Streets under our own map, where the instance has some: pictures, or one file of vector tiles read by parts.
import * as L from "leaflet";

import { CONTRAST } from "./patterns.js";

/** @typedef {{ type: "builtin" | "raster" | "pmtiles", outline: string, url?: string, attribution?: string, max_zoom?: number }} Basemap */

const DARK = matchMedia("(prefers-color-scheme: dark)");
/** Pictures have one appearance; by night it is turned round, and the colours kept. */
const NIGHT = "invert(1) hue-rotate(180deg) brightness(.9) contrast(.9)";

function dark() {
  const { theme } = document.documentElement.dataset;
  return theme === "dark" || (theme !== "light" && DARK.matches);
}

/** @param {Basemap} basemap @param {string} language @returns {Promise<L.GridLayer>} */
async function layerOf({ type, url = "", max_zoom }, language) {
  if (type === "raster") return L.tileLayer(url, { maxNativeZoom: max_zoom, crossOrigin: "anonymous" });
  const { leafletLayer } = await import("protomaps-leaflet");
  return /** @type {any} */ (leafletLayer({ url, maxDataZoom: max_zoom, flavor: dark() ? "dark" : "light", lang: language, attribution: "" }));
}

/** @param {string} text @returns {string} for Leaflet, which takes HTML */
function escaped(text) {
  return new Option(text).innerHTML;
}

/**
 * Lays streets under the canvas; until the first of them is there, the canvas draws the outline itself. Where more
 * contrast is asked for, it goes on doing so.
 * @param {L.Map} map @param {Basemap} basemap @param {string} language
 * @param {{ attribution: (html: string) => void, seen: (streets: boolean) => void, onTheme: (listener: () => void) => void }} page
 */
export async function addStreets(map, basemap, language, { attribution, seen, onTheme }) {
  attribution(escaped(basemap.attribution ?? ""));
  /** @type {L.GridLayer | null} */
  let layer = null;
  const lay = async () => {
    layer?.remove();
    seen(false);
    if (CONTRAST.matches) return;
    layer = await layerOf(basemap, language);
    layer.once("tileload", () => seen(true)).addTo(map);
    if (basemap.type === "raster") /** @type {HTMLElement} */ (map.getPane("tilePane")).style.filter = dark() ? NIGHT : "";
  };
  onTheme(() => void lay());
  for (const query of [DARK, CONTRAST]) query.addEventListener("change", () => void lay());
  await lay();
}
