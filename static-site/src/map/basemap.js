import { mercator } from "../data/hexes.js";

/** @typedef {{ own: Path2D, land: Path2D, inner: Path2D, borders: Path2D, overSea: boolean }} Basemap paths on the unit Mercator square × 2^16 */

/** Path2D keeps single precision: a square of 65,536 units leaves it 0.004 of a unit, 2 m on the ground. */
export const UNITS = 65_536;

/** @param {number[][]} coded @param {number} scale @param {boolean} closed */
function pathOf(coded, scale, closed) {
  const path = new Path2D();
  for (const numbers of coded) {
    let [lon, lat] = [0, 0];
    for (let i = 0; i < numbers.length; i += 2) {
      lon += numbers[i];
      lat += numbers[i + 1];
      const [x, y] = mercator(lat / scale, lon / scale);
      if (i === 0) path.moveTo(x * UNITS, y * UNITS);
      else path.lineTo(x * UNITS, y * UNITS);
    }
    if (closed) path.closePath();
  }
  return path;
}

/** @param {string} url @returns {Promise<Basemap>} */
export async function loadBasemap(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`basemap: ${answer.status}`);
  const { scale, over_sea, land, own, inner, borders } = await answer.json();
  return {
    overSea: over_sea,
    land: pathOf(land, scale, true),
    own: pathOf(own, scale, true),
    inner: pathOf(inner, scale, false),
    borders: pathOf(borders, scale, false),
  };
}
