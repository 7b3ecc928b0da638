// From published cell files to the hexagons of one view.
import { cellToBoundary, cellToChildren, cellToLatLng } from "h3-js";

/** @typedef {import("./published.js").CellFile} CellFile */
/** @typedef {import("./published.js").Published} Published */
/** @typedef {{ north: number, south: number, east: number, west: number }} View */
/**
 * @typedef {{ id: string, lat: number, lon: number, count: number, level: number, year: number, month: number,
 *   top: string | null, categories: { code: string, year: number, month: number }[], outline: Float64Array,
 *   file: CellFile, position: number }} Hex
 * `count` is what the filters leave; `outline` holds x, y pairs of the unit Web Mercator square; `file` and `position`
 * say where the rest of it stands
 */

/** @param {number} zoom @returns {number} H3 resolution that is readable at this zoom */
export function resolutionAt(zoom) {
  if (zoom <= 6) return 5;
  if (zoom <= 8) return 6;
  if (zoom <= 10) return 7;
  return zoom <= 12 ? 8 : 9;
}

/** @param {number} lat @param {number} lon @returns {[number, number]} on the unit Web Mercator square */
export function mercator(lat, lon) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

/** Degrees of latitude from a cell's centre to its farthest corner, by resolution, with a reserve. */
const REACH = [0, 0, 2.1, 0.85, 0.32, 0.12, 0.045];

/** @type {Map<string, [number, number]>} */
const centres = new Map();

/** @param {string[]} parents @param {number} res of the parents @param {View} view */
export function parentsInView(parents, res, view) {
  const reach = REACH[res];
  return parents.filter((parent) => {
    let centre = centres.get(parent);
    if (centre === undefined) centres.set(parent, (centre = cellToLatLng(parent)));
    const [lat, lon] = centre;
    const wide = reach / Math.cos((lat * Math.PI) / 180);
    return lat > view.south - reach && lat < view.north + reach && lon > view.west - wide && lon < view.east + wide;
  });
}

/** @type {WeakMap<CellFile, Hex[]>} */
const decoded = new WeakMap();

/** @param {string} id */
function outlineOf(id) {
  const corners = cellToBoundary(id);
  const outline = new Float64Array(corners.length * 2);
  corners.forEach(([lat, lon], index) => outline.set(mercator(lat, lon), index * 2));
  return outline;
}

/** @param {CellFile} file @returns {Hex[]} */
export function hexesOf(file) {
  const known = decoded.get(file);
  if (known !== undefined) return known;
  const children = cellToChildren(file.parent, file.res).sort();
  let rank = 0;
  const hexes = file.ranks.map((step, position) => {
    rank += step;
    const id = children[rank];
    const [lat, lon] = cellToLatLng(id);
    const top = file.top[position] >= 0 ? file.categories[file.top[position]] : null;
    return {
      id, lat, lon, top, count: 0, level: file.level[position], year: file.n365[position], month: file.n28[position],
      categories: /** @type {Hex["categories"]} */ ([]), outline: outlineOf(id), file, position,
    };
  });
  for (const [category, position, year, month] of file.by_category ?? []) {
    hexes[position].categories.push({ code: file.categories[category], year, month });
  }
  decoded.set(file, hexes);
  return hexes;
}

/**
 * The hexagons that the filters leave, each with its class 1 to 5: the published one for the plain year, else by the
 * logarithm of the count between 1 and the highest of the view.
 * @param {Hex[]} hexes @param {{ categories: string[], window: "365d" | "28d" }} filters @returns {Hex[]}
 */
export function filteredHexes(hexes, { categories, window }) {
  const month = window === "28d";
  const plain = categories.length === 0;
  const kept = [];
  for (const hex of hexes) {
    const parts = plain ? [hex] : hex.categories.filter(({ code }) => categories.includes(code));
    const count = parts.reduce((sum, part) => sum + (month ? part.month : part.year), 0);
    if (count > 0) kept.push({ ...hex, count });
  }
  if (plain && !month) return kept;
  const highest = kept.reduce((max, hex) => Math.max(max, hex.count), 1);
  for (const hex of kept) {
    hex.level = highest === 1 ? 1 : Math.min(5, 1 + Math.floor((5 * Math.log(hex.count)) / Math.log(highest + 1)));
  }
  return kept;
}

/** @param {Hex[]} hexes @returns {[number, number][]} lowest and highest count of the classes that occur, by class 1–5 */
export function classRanges(hexes) {
  /** @type {[number, number][]} */
  const ranges = [];
  for (const { level, count } of hexes) {
    const range = (ranges[level - 1] ??= [count, count]);
    range[0] = Math.min(range[0], count);
    range[1] = Math.max(range[1], count);
  }
  return ranges;
}
