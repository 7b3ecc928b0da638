// Draws one scene on a canvas: land, hexagons, borders, place names, points. Order is what lies on what.
import { mercator } from "../data/hexes.js";
import { UNITS } from "./basemap.js";
import { CONTRAST, patternOf } from "./patterns.js";
import { drawPoint, drawPointWord } from "./symbols.js";

/** @typedef {import("../data/hexes.js").Hex} Hex */
/** @typedef {import("../data/places.js").Place} Place */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {{ id: string, category: string, status: string, day: string, lat: number, lon: number }} Point */
/**
 * @typedef {{ basemap: import("./basemap.js").Basemap | null, hexes: Hex[], points: Point[], places: Place[],
 *   selected: string | null, palette: Palette, statusWord: (status: string) => string, allPoints?: boolean,
 *   region?: { outline: Path2D } | null, streets?: boolean, waiting?: boolean }} Scene `allPoints`: draw points at every zoom; `region`: what lies
 *   beyond steps back; `streets` lie under the canvas, with names of their own; `waiting`: there is nothing to
 *   draw yet
 * @typedef {{ zoom: number, x: number, y: number, width: number, height: number, margin: number }} Frame pixels of the world at
 * `zoom`; `margin` of them are drawn left and right of what is seen
 */

/** From this zoom on single reports are drawn. */
export const POINT_ZOOM = 12;
const WORD_ZOOM = 15;

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Frame} frame */
export function paint(context, scene, frame) {
  context.clearRect(0, 0, frame.width, frame.height);
  context.lineJoin = "round";
  if (!scene.streets) paintBasemap(context, scene, frame);
  paintHexes(context, scene, frame);
  if (!scene.streets) paintBorders(context, scene, frame);
  paintRegion(context, scene, frame);
  const taken = scene.streets ? [] : paintPlaces(context, scene, frame);
  paintPoints(context, scene, frame, taken);
}

/** Pixels of the world at a zoom. @param {number} zoom */
function worldSize(zoom) {
  return 256 * 2 ** zoom;
}

/** Draws in the basemap's own units. @param {CanvasRenderingContext2D} context @param {Frame} frame @param {(unit: number) => void} draw */
function inWorldUnits(context, frame, draw) {
  const scale = worldSize(frame.zoom) / UNITS;
  context.save();
  context.translate(-frame.x, -frame.y);
  context.scale(scale, scale);
  draw(1 / scale);
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Frame} frame */
function paintBasemap(context, { basemap, palette }, frame) {
  context.fillStyle = palette.sea;
  context.fillRect(0, 0, frame.width, frame.height);
  if (basemap === null) return;
  inWorldUnits(context, frame, (unit) => {
    context.fillStyle = palette.land;
    context.fill(basemap.land);
    context.strokeStyle = palette["inner-border"];
    context.lineWidth = unit;
    context.stroke(basemap.borders);
    context.fillStyle = palette["own-land"];
    if (basemap.overSea) context.clip(basemap.own);
    context.fill(basemap.overSea ? basemap.land : basemap.own);
  });
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Frame} frame */
function paintBorders(context, { basemap, palette }, frame) {
  if (basemap === null) return;
  inWorldUnits(context, frame, (unit) => {
    context.strokeStyle = palette["inner-border"];
    context.lineWidth = unit;
    context.stroke(basemap.inner);
    context.strokeStyle = palette.border;
    context.lineWidth = 1.6 * unit;
    context.stroke(basemap.own);
  });
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Frame} frame */
function paintRegion(context, { region, palette }, frame) {
  if (!region) return;
  inWorldUnits(context, frame, (unit) => {
    const beyond = new Path2D();
    beyond.rect(frame.x * unit, frame.y * unit, frame.width * unit, frame.height * unit);
    beyond.addPath(region.outline);
    context.globalAlpha = 0.55;
    context.fillStyle = palette.land;
    context.fill(beyond, "evenodd");
    context.globalAlpha = 1;
    context.strokeStyle = palette.select;
    context.lineWidth = 2 * unit;
    context.stroke(region.outline);
  });
}

/** @param {CanvasRenderingContext2D} context @param {Float64Array} outline @param {Frame} frame */
function trace(context, outline, frame) {
  const size = worldSize(frame.zoom);
  for (let i = 0; i < outline.length; i += 2) {
    const [x, y] = [outline[i] * size - frame.x, outline[i + 1] * size - frame.y];
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.closePath();
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Frame} frame */
function paintHexes(context, { hexes, palette, selected }, frame) {
  // Near by, what matters are the points: the hexagons step back.
  const patterned = CONTRAST.matches;
  const alpha = patterned ? 1 : frame.zoom >= 14 ? 0.28 : frame.zoom >= POINT_ZOOM ? 0.5 : 0.78;
  for (let level = 1; level <= 5; level += 1) {
    context.beginPath();
    for (const hex of hexes) if (hex.level === level) trace(context, hex.outline, frame);
    context.globalAlpha = alpha;
    context.fillStyle = patterned ? patternOf(context, level, palette["hex-line"]) : palette[/** @type {keyof Palette} */ (`hex-${level}`)];
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = palette["hex-line"];
    context.lineWidth = 0.75;
    context.stroke();
  }
  const chosen = hexes.find((hex) => hex.id === selected);
  if (chosen === undefined) return;
  context.beginPath();
  trace(context, chosen.outline, frame);
  context.strokeStyle = palette["point-halo"];
  context.lineWidth = 6;
  context.stroke();
  context.strokeStyle = palette.select;
  context.lineWidth = 3;
  context.stroke();
}

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Area */

/** @param {Area[]} taken @param {Area} area @returns {boolean} whether the area was free; it is taken now */
function claim(taken, area) {
  const free = taken.every(
    (other) => area.right < other.left || area.left > other.right || area.bottom < other.top || area.top > other.bottom,
  );
  if (free) taken.push(area);
  return free;
}

/** @param {number} lat @param {number} lon @param {Frame} frame @returns {[number, number]} */
function pixel(lat, lon, frame) {
  const [x, y] = mercator(lat, lon);
  const size = worldSize(frame.zoom);
  return [x * size - frame.x, y * size - frame.y];
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Frame} frame @param {Area[]} taken */
function paintPoints(context, { points, palette, selected, statusWord, allPoints }, frame, taken) {
  if (frame.zoom < POINT_ZOOM && !allPoints) return;
  const radius = frame.zoom >= 14 ? 7 : 5.5;
  /** @type {[Point, number, number][]} */
  const seen = [];
  for (const point of points) {
    const [x, y] = pixel(point.lat, point.lon, frame);
    if (x < -20 || y < -20 || x > frame.width + 20 || y > frame.height + 20) continue;
    drawPoint(context, palette, point.status, x, y, point.id === selected ? radius + 4 : radius);
    taken.push({ left: x - radius, top: y - radius, right: x + radius, bottom: y + radius });
    seen.push([point, x, y]);
  }
  if (frame.zoom < WORD_ZOOM) return;
  for (const [point, x, y] of seen) {
    const word = statusWord(point.status);
    context.font = "600 12px system-ui, sans-serif";
    const area = { left: x + radius + 2, top: y - 8, right: x + radius + 6 + context.measureText(word).width, bottom: y + 8 };
    if (claim(taken, area)) drawPointWord(context, palette, word, x + radius + 4, y);
  }
}

/** Which places are named, and how large. @param {number} zoom @returns {{ tier: number, size: number, weight: number }} */
function labels(zoom) {
  if (zoom < 7) return { tier: 1, size: 12, weight: 600 };
  if (zoom < 8) return { tier: 2, size: 12, weight: 600 };
  return { tier: zoom < 10 ? 3 : 4, size: 13, weight: 600 };
}

/** Where a name stands whose place is seen: whole beside the edge, rather than cut by it. @param {number} x @param {number} half @param {Frame} frame */
function withinSight(x, half, { width, margin }) {
  const [left, right] = [margin, width - margin];
  return x < left || x > right ? x : Math.min(Math.max(x, left + half), right - half);
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Frame} frame @returns {Area[]} */
function paintPlaces(context, { places, palette }, frame) {
  /** @type {Area[]} */
  const taken = [];
  const { tier, size, weight } = labels(frame.zoom);
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const place of places) {
    if (place.tier > tier) break;
    const [x, y] = pixel(place.lat, place.lon, frame);
    if (x < -60 || y < -20 || x > frame.width + 60 || y > frame.height + 20) continue;
    const points = place.tier === 1 ? size + 2 : place.tier < 4 ? size : size - 1;
    context.font = `${place.tier < 4 ? weight : 500} ${points}px system-ui, sans-serif`;
    const half = context.measureText(place.name).width / 2 + 4;
    const middle = withinSight(x, half, frame);
    if (!claim(taken, { left: middle - half, top: y - points, right: middle + half, bottom: y + points })) continue;
    context.lineWidth = 3.5;
    context.strokeStyle = palette["map-halo"];
    context.strokeText(place.name, middle, y);
    context.fillStyle = palette["map-ink"];
    context.fillText(place.name, middle, y);
  }
  return taken;
}
