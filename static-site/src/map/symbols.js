// Status symbols: a colour, and for those who do not see colours a shape of its own.

/** @typedef {import("./palette.js").Palette} Palette */

/** Corner points of the shapes on a unit circle; circles have none. @type {Record<string, [number, number][]>} */
const CORNERS = {
  verifying: [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]],
  confirmed: [[0, -1.2], [1.15, 0.9], [-1.15, 0.9]],
  passed_on: [[-0.95, -0.95], [0.95, -0.95], [0.95, 0.95], [-0.95, 0.95]],
};

/** @param {CanvasRenderingContext2D} context @param {string} status @param {number} x @param {number} y @param {number} radius */
function shape(context, status, x, y, radius) {
  context.beginPath();
  const corners = CORNERS[status];
  if (corners === undefined) context.arc(x, y, radius, 0, 2 * Math.PI);
  else corners.forEach(([dx, dy]) => context.lineTo(x + dx * radius, y + dy * radius));
  context.closePath();
}

/**
 * @param {CanvasRenderingContext2D} context @param {Palette} palette @param {string} status
 * @param {number} x @param {number} y @param {number} radius
 */
export function drawPoint(context, palette, status, x, y, radius) {
  const colour = palette[/** @type {keyof Palette} */ (`status-${status}`)] ?? palette["status-new"];
  shape(context, status, x, y, radius);
  context.lineWidth = 4;
  context.strokeStyle = palette["point-halo"];
  context.stroke();
  const hollow = status === "unconfirmed";
  context.fillStyle = hollow ? palette["point-halo"] : colour;
  context.fill();
  if (hollow) {
    context.lineWidth = 2.5;
    context.strokeStyle = colour;
    context.stroke();
  }
  if (status === "eliminated") tick(context, palette["point-halo"], x, y, radius);
}

/** @param {CanvasRenderingContext2D} context @param {string} colour @param {number} x @param {number} y @param {number} radius */
function tick(context, colour, x, y, radius) {
  context.beginPath();
  context.moveTo(x - radius * 0.5, y);
  context.lineTo(x - radius * 0.1, y + radius * 0.4);
  context.lineTo(x + radius * 0.5, y - radius * 0.4);
  context.lineWidth = 2;
  context.strokeStyle = colour;
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context @param {Palette} palette @param {string} word
 * @param {number} x @param {number} y
 */
export function drawPointWord(context, palette, word, x, y) {
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineWidth = 3.5;
  context.strokeStyle = palette["map-halo"];
  context.strokeText(word, x, y);
  context.fillStyle = palette["map-ink"];
  context.fillText(word, x, y);
}
