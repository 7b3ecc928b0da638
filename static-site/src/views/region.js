// One area of the register, or of one unit: what lies in it, and its outline for the map.
import { cellToCenterChild, cellToParent, cellsToMultiPolygon, getResolution, latLngToCell, uncompactCells } from "h3-js";

import { mercator } from "../data/hexes.js";
import { state } from "../lib/state.js";
import { UNITS } from "../map/basemap.js";

/** @typedef {{ code: string, name: string }} Named */
/**
 * @typedef {{ name: string, outline: Path2D, fit: (map: import("leaflet").Map) => void, holdsCell: (cell: string) => boolean,
 *   holds: (lat: number, lon: number) => boolean }} Region `outline` is in the basemap's units; `fit` brings all of it into view
 */

/** An outline is drawn of no more cells than this: of a voivodeship nobody sees the finest. */
const DRAWN = 4000;
/** Pixels left free around an area. */
const ROOM = 24;

/** @returns {Promise<{ codes: string[], names: string[], areas: string[][] }>} */
async function unitsFile() {
  const answer = await fetch("/data/units.json");
  if (!answer.ok) throw new Error(`units: ${answer.status}`);
  return answer.json();
}

/** What there is to choose from: voivodeships, areas, and the units whose whole area has a file. @returns {Promise<{ regions: Named[], areas: Named[], units: Named[] }>} */
export async function areasAndUnits() {
  const [{ areas }, units] = await Promise.all([state.published.outline("index"), unitsFile()]);
  const known = new Set(areas.map((/** @type {{ area: string }} */ { area }) => area));
  /** @param {string} wanted @returns {Named[]} */
  const ofLevel = (wanted) => areas.filter((/** @type {{ level: string }} */ { level }) => level === wanted)
    .map((/** @type {{ area: string, name: string }} */ { area, name }) => ({ code: area, name }))
    .sort((/** @type {Named} */ a, /** @type {Named} */ b) => a.name.localeCompare(b.name));
  return {
    regions: ofLevel("voivodeship"),
    areas: ofLevel("powiat"),
    units: units.codes.map((code, index) => ({ code, name: units.names[index], areas: units.areas[index] }))
      .filter((unit) => unit.areas.length > 0 && unit.areas.every((area) => known.has(area))),
  };
}

/** @param {string | null} area @param {string | null} unit @returns {Promise<Region>} rejected for what has no file */
export async function regionOf(area, unit) {
  if (area !== null) {
    const { name, res, cells } = await state.published.outline(area);
    return made(name, res, cells);
  }
  const { codes, names, areas } = await unitsFile();
  const index = codes.indexOf(unit ?? "");
  const files = await Promise.all((areas[index] ?? []).map((code) => state.published.outline(code)));
  if (files.length === 0) throw new Error("no such unit");
  return made(names[index], files[0].res, files.flatMap(({ cells }) => cells));
}

/** @param {string} name @param {number} res @param {string[]} cells compacted @returns {Region} */
function made(name, res, cells) {
  const inside = new Set(cells);
  const coarsest = Math.min(...cells.map(getResolution));
  /** @param {string} cell no coarser than `res` */
  const within = (cell) => {
    for (let at = Math.min(getResolution(cell), res); at >= coarsest; at -= 1) if (inside.has(cellToParent(cell, at))) return true;
    return false;
  };
  /** South-west and north-east. @type {[[number, number], [number, number]]} */
  const bounds = [[90, 180], [-90, -180]];
  const outline = new Path2D();
  for (const ring of rings(res, cells)) {
    ring.forEach(([lat, lon], index) => {
      const [x, y] = mercator(lat, lon);
      outline[index === 0 ? "moveTo" : "lineTo"](x * UNITS, y * UNITS);
      bounds[0] = [Math.min(bounds[0][0], lat), Math.min(bounds[0][1], lon)];
      bounds[1] = [Math.max(bounds[1][0], lat), Math.max(bounds[1][1], lon)];
    });
    outline.closePath();
  }
  return {
    name, outline,
    fit: (map) => map.fitBounds(bounds, { animate: false, paddingTopLeft: [ROOM, ROOM], paddingBottomRight: [ROOM, ROOM + covered()] }),
    // A hexagon is where its centre is.
    holdsCell: (cell) => within(getResolution(cell) < res ? cellToCenterChild(cell, res) : cell),
    holds: (lat, lon) => within(latLngToCell(lat, lon, res)),
  };
}

/** Pixels of the map's foot that the sheet of a phone hides, half of the map at most. */
function covered() {
  const [map, panel] = ["map", "panel"].map((id) => document.getElementById(id)?.getBoundingClientRect());
  if (!map || !panel || panel.width < map.width) return 0;
  return Math.min(map.height / 2, Math.max(0, map.bottom - panel.top));
}

/** @param {number} res @param {string[]} cells compacted @returns {[number, number][][]} latitude and longitude of the outlines' corners */
function rings(res, cells) {
  let [all, at] = [uncompactCells(cells, res), res];
  while (all.length > DRAWN && at > 0) {
    at -= 1;
    all = [...new Set(all.map((cell) => cellToParent(cell, at)))];
  }
  return /** @type {[number, number][][]} */ (cellsToMultiPolygon(all).flat());
}
