// Everything a link must carry stands in the fragment: it never reaches a server, which matters for receipts.

/** @typedef {"map" | "report" | "follow" | "subscribe" | "subscription" | "data" | "about" | "privacy" | "kept"} View */
/**
 * @typedef {{ view: View, step: string, zoom: number | null, lat: number | null, lon: number | null,
 *   categories: string[], statuses: string[], window: "365d" | "28d", area: string | null, unit: string | null, selected: string | null, receipt: string | null,
 *   token: string | null }} Route `area` is a code of the register; `selected` is an H3 cell or the id of a report
 */

const VIEWS = ["map", "report", "follow", "subscribe", "subscription", "data", "about", "privacy", "kept"];

/** @param {string | null} text */
function list(text) {
  return text ? text.split(",").filter((item) => /^[\w-]+$/.test(item)) : [];
}

/** @param {string} fragment as in location.hash @returns {Route} */
export function parseRoute(fragment) {
  const [path, query = ""] = fragment.replace(/^#\/?/, "").split("?");
  const [view, step = ""] = path.split("/");
  const parameters = new URLSearchParams(query);
  const [zoom, lat, lon] = (parameters.get("at") ?? "").split("/").map(Number);
  const placed = Number.isFinite(zoom) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return {
    view: /** @type {View} */ (VIEWS.includes(view) ? view : "map"),
    step,
    zoom: placed ? zoom : null,
    lat: placed ? lat : null,
    lon: placed ? lon : null,
    categories: list(parameters.get("category")),
    statuses: list(parameters.get("status")),
    window: parameters.get("window") === "28d" ? "28d" : "365d",
    area: list(parameters.get("area"))[0] ?? null,
    unit: list(parameters.get("unit"))[0] ?? null,
    selected: list(parameters.get("show"))[0] ?? null,
    receipt: parameters.get("receipt"),
    token: list(parameters.get("token"))[0] ?? null,
  };
}

/** @param {Route} route @returns {string} fragment with its # */
export function formatRoute(route) {
  if (route.view !== "map") return `#/${route.view}${route.step ? `/${route.step}` : ""}`;
  const parameters = [];
  if (route.zoom !== null && route.lat !== null && route.lon !== null) {
    parameters.push(`at=${Number(route.zoom.toFixed(2))}/${route.lat.toFixed(4)}/${route.lon.toFixed(4)}`);
  }
  if (route.categories.length > 0) parameters.push(`category=${route.categories.join(",")}`);
  if (route.statuses.length > 0) parameters.push(`status=${route.statuses.join(",")}`);
  if (route.window !== "365d") parameters.push(`window=${route.window}`);
  if (route.area !== null) parameters.push(`area=${route.area}`);
  if (route.unit !== null) parameters.push(`unit=${route.unit}`);
  if (route.selected !== null) parameters.push(`show=${route.selected}`);
  return `#/map${parameters.length > 0 ? `?${parameters.join("&")}` : ""}`;
}
