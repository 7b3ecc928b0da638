// What lies under our own map: the outline alone, or streets as well, from pictures or from one file of vector tiles.

/** @typedef {{ type: "raster" | "pmtiles", url: string, attribution: string, max_zoom?: number }} Streets */
/**
 * @typedef {{ type: "builtin" | "raster" | "pmtiles", outline: string, url?: string, attribution?: string, max_zoom?: number }} Basemap
 * `outline`: address of the built-in one, which is drawn until streets have come, and without a network
 */

const MAX_ZOOM = { raster: 18, pmtiles: 15 };

/**
 * @param {Streets | undefined} streets as the instance's `site.json` has them @param {string} outline @returns {Basemap}
 * @throws what is neither pictures nor a file of tiles, has no address or does not say whose it is
 */
export function basemapOf(streets, outline) {
  if (streets === undefined) return { type: "builtin", outline };
  const { type, url, attribution, max_zoom } = streets;
  if (!(type in MAX_ZOOM)) throw new Error(`site.json: basemap.type is ${type}, neither raster nor pmtiles`);
  if (!/^(\/|https:\/\/)/.test(url ?? "")) throw new Error("site.json: basemap.url begins with neither / nor https://");
  if (type === "raster" && !["{z}", "{x}", "{y}"].every((part) => url.includes(part))) throw new Error("site.json: basemap.url of pictures needs {z}, {x} and {y}");
  if (!attribution) throw new Error("site.json: basemap.attribution must say whose map it is");
  return { type, outline, url, attribution, max_zoom: max_zoom ?? MAX_ZOOM[type] };
}

/** The origin that the page must be allowed to ask, with a space before it; none for the site's own. @param {Basemap} basemap @returns {{ pictures: string, files: string }} */
export function originsOf({ type, url }) {
  const origin = url?.startsWith("https://") ? ` ${new URL(url).origin}` : "";
  return { pictures: type === "raster" ? origin : "", files: type === "pmtiles" ? origin : "" };
}
