// Small plane geometry for the basemap: clipping to a box and whole-number coding of rings and lines.

/** @typedef {[number, number]} Position longitude, latitude in degrees */
/** @typedef {[number, number, number, number]} Box west, south, east, north */

/**
 * One step of Sutherland–Hodgman: the part of a closed ring on the inner side of one axis-parallel line.
 * @param {Position[]} ring @param {0 | 1} axis @param {number} limit @param {1 | -1} side 1 keeps what is above
 */
function clipSide(ring, axis, limit, side) {
  /** @type {Position[]} */
  const kept = [];
  ring.forEach((point, index) => {
    const previous = ring[(index + ring.length - 1) % ring.length];
    const inside = (point[axis] - limit) * side >= 0;
    const cameInside = (previous[axis] - limit) * side >= 0;
    if (inside !== cameInside) {
      const share = (limit - previous[axis]) / (point[axis] - previous[axis]);
      kept.push([
        previous[0] + share * (point[0] - previous[0]),
        previous[1] + share * (point[1] - previous[1]),
      ]);
    }
    if (inside) kept.push(point);
  });
  return kept;
}

/** @param {Position[]} ring @param {Box} box @returns {Position[]} empty when nothing is left */
export function clipRing(ring, [west, south, east, north]) {
  let kept = ring.slice(0, -1);
  for (const [axis, limit, side] of /** @type {[0 | 1, number, 1 | -1][]} */ ([
    [0, west, 1],
    [0, east, -1],
    [1, south, 1],
    [1, north, -1],
  ])) {
    kept = clipSide(kept, axis, limit, side);
  }
  return kept.length >= 3 ? kept : [];
}

/** @param {Position} point @param {Box} box */
export function inBox([lon, lat], [west, south, east, north]) {
  return lon >= west && lon <= east && lat >= south && lat <= north;
}

/** @param {Position[]} line @param {Box} box @returns {Position[][]} the runs of the line that touch the box */
export function clipLine(line, box) {
  /** @type {Position[][]} */
  const runs = [];
  let open = false;
  for (let i = 1; i < line.length; i += 1) {
    if (!inBox(line[i - 1], box) && !inBox(line[i], box)) {
      open = false;
      continue;
    }
    if (!open) runs.push([line[i - 1]]);
    runs[runs.length - 1].push(line[i]);
    open = true;
  }
  return runs;
}

/**
 * [lon, lat, Δlon, Δlat, …] in whole units of 1/scale degree, without repeated points.
 * @param {Position[]} points @param {number} scale
 */
export function coded(points, scale) {
  /** @type {number[]} */
  const out = [];
  let [x, y] = [0, 0];
  for (const point of points) {
    const [nx, ny] = [Math.round(point[0] * scale), Math.round(point[1] * scale)];
    if (out.length > 0 && nx === x && ny === y) continue;
    out.push(nx - x, ny - y);
    [x, y] = [nx, ny];
  }
  return out;
}

/** @param {number[]} numbers of `coded` @param {number} scale @returns {Position[]} */
export function decoded(numbers, scale) {
  /** @type {Position[]} */
  const points = [];
  let [x, y] = [0, 0];
  for (let i = 0; i < numbers.length; i += 2) {
    x += numbers[i];
    y += numbers[i + 1];
    points.push([x / scale, y / scale]);
  }
  return points;
}
