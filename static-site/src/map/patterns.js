// Fills that tell the classes of hexagons without colour: dots, lines, crossed lines, and all of it. The style sheet draws
// the same in the legend.

/** Where the system chooses the colours, or more contrast is asked for. */
export const CONTRAST = matchMedia("(forced-colors: active), (prefers-contrast: more)");

const SIDE = 8;

/** @param {CanvasRenderingContext2D} context @param {number} level 1 to 5 @param {string} ink @returns {CanvasPattern | string} */
export function patternOf(context, level, ink) {
  if (level === 1) return "transparent";
  if (level === 5) return ink;
  const tile = new OffscreenCanvas(SIDE, SIDE);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (tile.getContext("2d"));
  pen.fillStyle = pen.strokeStyle = ink;
  if (level === 2) pen.fillRect(3, 3, 2, 2);
  // A line that leaves the tile at one corner comes in at the opposite one.
  for (const from of level > 2 ? [-SIDE, 0, SIDE] : []) {
    pen.moveTo(from, SIDE);
    pen.lineTo(from + SIDE, 0);
    if (level === 4) {
      pen.moveTo(from, 0);
      pen.lineTo(from + SIDE, SIDE);
    }
  }
  pen.lineWidth = 1.6;
  pen.stroke();
  return /** @type {CanvasPattern} */ (context.createPattern(tile, "repeat"));
}
