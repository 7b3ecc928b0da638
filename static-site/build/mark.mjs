// The mark of the map, a watchful hexagon, drawn by one geometry: as SVG for browsers, as PNG for home screens.
import { deflateSync } from "node:zlib";

/** Units of the drawing's square, its corners, stroke and middle. */
const SIDE = 64;
const MIDDLE = SIDE / 2;
const ROUND = 14;
const CORNERS = [[32, 9], [51.9, 20.5], [51.9, 43.5], [32, 55], [12.1, 43.5], [12.1, 20.5]];
const STROKE = 4.5;
const EYE = 8;

/** @typedef {{ ground: string, line: string, eye: string }} Colours #rrggbb each */

/** @param {Colours} colours */
export function svg({ ground, line, eye }) {
  const path = `M${CORNERS.map((corner) => corner.join(" ")).join("L")}z`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}"><rect width="${SIDE}" height="${SIDE}" rx="${ROUND}" fill="${ground}"/>` +
    `<path d="${path}" fill="none" stroke="${line}" stroke-width="${STROKE}" stroke-linejoin="round"/><circle cx="${MIDDLE}" cy="${MIDDLE}" r="${EYE}" fill="${eye}"/></svg>`;
}

/** Distance of a point to the segment between two corners. @param {number} x @param {number} y @param {number[]} a @param {number[]} b */
function toSegment(x, y, [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const share = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}

/** Signed distances, negative inside, of a point to the rounded ground, to the hexagon's line and to its eye. @param {number} x @param {number} y */
function distances(x, y) {
  const [cx, cy] = [Math.abs(x - MIDDLE) - MIDDLE + ROUND, Math.abs(y - MIDDLE) - MIDDLE + ROUND];
  return {
    ground: Math.hypot(Math.max(cx, 0), Math.max(cy, 0)) + Math.min(Math.max(cx, cy), 0) - ROUND,
    line: Math.min(...CORNERS.map((corner, index) => toSegment(x, y, corner, CORNERS[(index + 1) % CORNERS.length]))) - STROKE / 2,
    eye: Math.hypot(x - MIDDLE, y - MIDDLE) - EYE,
  };
}

/** @param {string} colour #rrggbb */
function channels(colour) {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** A chunk of a PNG file. @param {string} type @param {Buffer} body */
function chunk(type, body) {
  const named = Buffer.concat([Buffer.from(type, "latin1"), body]);
  let crc = 0xffffffff;
  for (const byte of named) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return Buffer.concat([length, named, check]);
}

/**
 * @param {Colours} colours @param {number} size pixels of a side
 * @param {number} [share] of the side that the mark takes on a ground that fills all: what cuts a shape out of an icon keeps its middle
 * @returns {Buffer} a PNG file, RGBA
 */
export function png(colours, size, share) {
  const paint = { ground: channels(colours.ground), line: channels(colours.line), eye: channels(colours.eye) };
  const unit = SIDE / size / (share ?? 1);
  const rows = Buffer.alloc(size * (1 + size * 4));
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const [x, y] = [column, row].map((at) => MIDDLE + (at + 0.5 - size / 2) * unit);
      const far = distances(x, y);
      const cover = (/** @type {number} */ distance) => Math.min(1, Math.max(0, 0.5 - distance / unit));
      let colour = paint.ground;
      for (const part of /** @type {const} */ (["line", "eye"])) colour = colour.map((value, at) => value + (paint[part][at] - value) * cover(far[part]));
      rows.set([...colour.map(Math.round), share === undefined ? Math.round(255 * cover(far.ground)) : 255], row * (1 + size * 4) + 1 + column * 4);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6], 8);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}
