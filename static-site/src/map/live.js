// The live map: Leaflet, our canvas, and the loading of what is in view.
import * as L from "leaflet";

import { cellToLatLng, getResolution, isValidCell, latLngToCell } from "h3-js";
import { classRanges, filteredHexes, hexesOf, mercator, parentsInView, resolutionAt } from "../data/hexes.js";
import { places } from "../data/places.js";
import { t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { loadBasemap, UNITS } from "./basemap.js";
import { CanvasLayer } from "./layer.js";
import { POINT_ZOOM } from "./paint.js";
import { readPalette } from "./palette.js";
import { CONTRAST } from "./patterns.js";

/** @typedef {import("./paint.js").Point} Point */
/** @typedef {import("./paint.js").Scene} Scene */

const CLICK_REACH = 22;
const POINT_PARENT_RES = 5;

export class LiveMap {
  /** @param {HTMLElement} element */
  constructor(element) {
    const [west, south, east, north] = state.config.bounds;
    const own = L.latLngBounds([south, west], [north, east]);
    this.map = L.map(element, {
      zoomControl: false, attributionControl: false, minZoom: 4, maxZoom: 18, maxBounds: own.pad(1.5),
      zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches, fadeAnimation: false,
      keyboardPanDelta: 60, zoomSnap: 0.25, wheelPxPerZoomLevel: 90,
    });
    this.credits = L.control.attribution({ prefix: false, position: "bottomright" }).addTo(this.map)
      .addAttribution("Leaflet · Natural Earth · GeoNames (CC BY 4.0)");
    /** @type {Scene} */
    this.scene = {
      basemap: null, hexes: [], points: [], places: [], selected: state.route.selected, palette: readPalette(),
      statusWord: (status) => t(`status.${status}`), region: null, waiting: true,
    };
    /** The one area that is shown, and how the address names it. @type {{ key: string, found: import("../views/region.js").Region | null }} */
    this.region = { key: "", found: null };
    this.layer = new CanvasLayer(this.scene);
    this.turn = 0;
    this.picking = false;
    const { zoom, lat, lon } = state.route;
    if (zoom !== null && lat !== null && lon !== null) this.map.setView([lat, lon], zoom);
    else this.map.fitBounds(own, { animate: false });
    this.layer.addTo(this.map);
    this.map.on("moveend", () => this.#moved());
    this.map.on("click", (event) => this.#clicked(event.latlng));
    const repaint = () => this.repaint({ palette: readPalette() });
    state.on("theme", repaint);
    CONTRAST.addEventListener("change", repaint);
    state.on("language", () => this.layer.redraw());
    state.on("published", () => void this.load());
    state.on("route", () => this.#followRoute());
  }

  /** Goes where the address says, if that is not where the map is. */
  #followRoute() {
    const { view, zoom, lat, lon, selected } = state.route;
    this.repaint({ selected });
    if (view !== "map") return;
    const here = this.centre();
    const elsewhere = zoom !== null && lat !== null && lon !== null &&
      (Math.abs(zoom - here.zoom) > 0.01 || Math.hypot(lat - here.lat, lon - here.lon) > 1e-4);
    if (elsewhere) this.map.setView([lat, lon], zoom, { animate: false });
    void this.load();
  }

  async #layStreets() {
    const { addStreets } = await import("./streets.js");
    await addStreets(this.map, state.config.basemap, document.documentElement.lang, {
      attribution: (html) => this.credits.addAttribution(html),
      seen: (streets) => this.repaint({ streets }),
      onTheme: (listener) => state.on("theme", listener),
    });
  }

  /** Fetches what the map needs beside the published data. */
  async loadScenery() {
    if (state.config.basemap.type !== "builtin") void this.#layStreets();
    const [basemap, gazetteer] = await Promise.allSettled([loadBasemap(state.config.basemap.outline), places()]);
    this.repaint({
      basemap: basemap.status === "fulfilled" ? basemap.value : null,
      places: gazetteer.status === "fulfilled" ? gazetteer.value : [],
      waiting: false,
    });
    document.body.dataset.land = "";
  }

  /** @param {Partial<Scene>} change */
  repaint(change) {
    Object.assign(this.scene, change);
    this.layer.redraw();
  }

  /** @returns {{ lat: number, lon: number, zoom: number }} */
  centre() {
    const { lat, lng } = this.map.getCenter();
    return { lat, lon: lng, zoom: this.map.getZoom() };
  }

  /** @param {number} lat @param {number} lon @param {number} zoom */
  show(lat, lon, zoom) {
    this.map.setView([lat, lon], zoom);
  }

  /**
   * Whether a point lies in the instance's outline or its buffer.
   * @param {number} lat @param {number} lon @returns {boolean | null} null while the outline is not there
   */
  inside(lat, lon) {
    const { basemap } = this.scene;
    const context = document.createElement("canvas").getContext("2d");
    if (basemap === null || context === null) return null;
    const [x, y] = mercator(lat, lon).map((part) => part * UNITS);
    const metresPerUnit = (40_075_017 * Math.cos((lat * Math.PI) / 180)) / UNITS;
    context.lineWidth = (2 * state.config.country_buffer_m) / metresPerUnit;
    return context.isPointInPath(basemap.own, x, y) || context.isPointInStroke(basemap.own, x, y);
  }

  /** @param {number} east @param {number} south share of the view to move by */
  nudge(east, south) {
    const size = this.map.getSize();
    this.map.panBy([east * size.x, south * size.y]);
  }

  /** @param {boolean} on while a place is being chosen, a tap moves the map there instead of selecting */
  setPicking(on) {
    this.picking = on;
    this.map.options.keyboardPanDelta = on ? 24 : 60;
    this.resize();
  }

  resize() {
    this.map.invalidateSize(false);
  }

  #moved() {
    const { lat, lon, zoom } = this.centre();
    if (state.route.view === "map") state.go({ lat, lon, zoom }, { replace: true, quiet: true });
    state.emit("moved");
    void this.load();
  }

  /** @param {L.LatLng} place */
  #clicked(place) {
    if (this.picking) {
      this.map.panTo(place);
      return;
    }
    const target = this.map.latLngToContainerPoint(place);
    let best = { id: "", distance: CLICK_REACH };
    if (this.map.getZoom() >= POINT_ZOOM) {
      for (const point of this.scene.points) {
        const distance = this.map.latLngToContainerPoint([point.lat, point.lon]).distanceTo(target);
        if (distance < best.distance) best = { id: point.id, distance };
      }
    }
    const cell = latLngToCell(place.lat, place.lng, resolutionAt(Math.floor(this.map.getZoom())));
    const hex = this.scene.hexes.find(({ id }) => id === cell);
    state.go({ view: "map", step: "", selected: best.id || hex?.id || null });
  }

  /** Loads and filters what is in view. Only the newest turn is shown. */
  async load() {
    const turn = (this.turn += 1);
    const { published, route } = state;
    if (published.manifest === null) return;
    const zoom = this.map.getZoom();
    const res = resolutionAt(Math.floor(zoom));
    const bounds = this.map.getBounds();
    const view = { north: bounds.getNorth(), south: bounds.getSouth(), east: bounds.getEast(), west: bounds.getWest() };
    const byCategory = route.categories.length > 0 || isValidCell(route.selected ?? "");
    const [tiles, region] = await Promise.all([published.cellTiles(res).catch(() => null), this.#region()]);
    if (turn !== this.turn) return;
    const cellFiles = tiles === null
      ? [Promise.reject(new Error("the list of tiles"))]
      : parentsInView([...tiles.keys()], res - 3, view).map((parent) => published.cells(res, parent, tiles.get(parent) ?? "", byCategory));
    const pointParents = zoom >= POINT_ZOOM ? parentsInView(published.pointParents(), POINT_PARENT_RES, view) : [];
    const [cells, points] = await Promise.all([
      Promise.allSettled(cellFiles),
      Promise.allSettled(pointParents.map((parent) => published.points(parent))),
    ]);
    if (turn !== this.turn) return;
    const failed = [...cells, ...points].filter(({ status }) => status === "rejected").length;
    // A slow phone gets a breath between reckoning and drawing.
    await new Promise((done) => setTimeout(done));
    if (turn !== this.turn) return;
    const all = cells.flatMap((file) => (file.status === "fulfilled" ? hexesOf(file.value) : []));
    const hexes = filteredHexes(region === null ? all : all.filter(({ id }) => region.holdsCell(id)), route);
    const reports = filteredPoints(points.flatMap((file) => (file.status === "fulfilled" ? pointsOf(file.value) : [])));
    this.repaint({ hexes, points: region === null ? reports : reports.filter(({ lat, lon }) => region.holds(lat, lon)), selected: route.selected, region });
    state.shown = {
      status: failed > 0 && failed === cells.length + points.length ? "failed" : "ready",
      partial: failed > 0,
      zoom,
      hexes: hexes.filter((hex) => bounds.contains([hex.lat, hex.lon])),
      points: this.scene.points.filter((point) => bounds.contains([point.lat, point.lon])),
      ranges: classRanges(hexes),
    };
    state.emit("shown");
  }

  /** The area that the address names; the map goes there when another is named. One that there is not is none. */
  async #region() {
    const { area, unit } = state.route;
    const key = area || unit ? `${area}/${unit}` : "";
    if (key === this.region.key) return this.region.found;
    const found = key ? await import("../views/region.js").then(({ regionOf }) => regionOf(area, unit)).catch(() => null) : null;
    // Another may have been chosen meanwhile.
    if (area !== state.route.area || unit !== state.route.unit) return this.region.found;
    this.region = { key, found };
    // A link may say where to look within the area.
    if (state.route.zoom === null || document.body.dataset.ready) found?.fit(this.map);
    return found;
  }

  /** Goes where a hexagon is readable. @param {string} cell @returns {boolean} false for what is no cell */
  showCell(cell) {
    if (!isValidCell(cell)) return false;
    const [lat, lon] = cellToLatLng(cell);
    this.show(lat, lon, { 5: 6, 6: 8, 7: 10, 8: 12 }[getResolution(cell)] ?? 14);
    return true;
  }
}

/** @param {import("../data/published.js").PointFile} file @returns {Point[]} */
function pointsOf(file) {
  return file.id.map((id, index) => ({
    id,
    category: file.category[index],
    status: file.status[index],
    day: file.day[index],
    lat: file.lat[index],
    lon: file.lon[index],
  }));
}

/** @param {Point[]} points @returns {Point[]} what the filters of the route leave */
function filteredPoints(points) {
  const { categories, statuses, window } = state.route;
  const since = new Date(`${state.published.manifest?.day ?? ""}T00:00:00Z`);
  since.setUTCDate(since.getUTCDate() - 28);
  const first = window === "28d" && !Number.isNaN(since.getTime()) ? since.toISOString().slice(0, 10) : "";
  return points.filter(
    (point) =>
      point.day >= first &&
      (categories.length === 0 || categories.includes(point.category)) &&
      (statuses.length === 0 || statuses.includes(point.status)),
  );
}
