// A chart as a file: the drawn SVG with its colours written into it, its title above and its source below.
import { save } from "../shared/save.js";
import { s } from "./svg.js";

const LOOKS = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-weight", "font-family"];
const HEAD = 88;
const FOOT = 36;
const MARGIN = 16;
/** A picture for print and slides: twice the screen's dots. */
const DENSITY = 2;

/** @param {Element} from @param {Element} to */
function paint(from, to) {
  const style = getComputedStyle(from);
  for (const look of LOOKS) {
    const value = style.getPropertyValue(look);
    // A hatched fill names its pattern, in the picture as on the page.
    if (value && !(look === "fill" && from.getAttribute("fill"))) to.setAttribute(look, value);
  }
  to.removeAttribute("class");
  for (const [index, child] of [...from.children].entries()) paint(child, to.children[index]);
}

/**
 * @typedef {{ place: string, text: string }} Source what a picture shows, and whose numbers they are
 * @param {SVGElement} chart @param {{ title: string, keys: Element[], source: Source }} words `keys`: the series as the page names them
 * @returns {SVGElement}
 */
export function picture(chart, { title, keys, source }) {
  const copy = /** @type {SVGElement} */ (chart.cloneNode(true));
  paint(chart, copy);
  for (const beam of copy.querySelectorAll("rect[opacity='0']")) beam.remove();
  const width = Number(chart.getAttribute("width")) + 2 * MARGIN;
  const height = Number(chart.getAttribute("height")) + HEAD + FOOT;
  copy.setAttribute("x", String(MARGIN));
  copy.setAttribute("y", String(HEAD));
  const { color, fontFamily } = getComputedStyle(document.body);
  const { backgroundColor } = getComputedStyle(/** @type {Element} */ (chart.closest(".card")));
  const text = (/** @type {number} */ y, /** @type {number} */ size, /** @type {string} */ weight, /** @type {string} */ words) =>
    s("text", { x: MARGIN, y, fill: color, "font-size": size, "font-weight": weight, "font-family": fontFamily }, words);
  return s("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` },
    s("rect", { width, height, fill: backgroundColor }), text(28, 18, "650", source.place), text(50, 14, "400", title), ...legend(keys, color, fontFamily), copy, text(height - 12, 12, "400", source.text));
}

/** @param {Element[]} keys @param {string} color @param {string} fontFamily */
function legend(keys, color, fontFamily) {
  let x = MARGIN;
  return keys.flatMap((key) => {
    const { backgroundColor, borderTopColor, borderTopStyle } = getComputedStyle(/** @type {Element} */ (key.querySelector("i")));
    const dashed = borderTopStyle === "dashed";
    const sample = dashed ? s("line", { x1: x, x2: x + 22, y1: 69, y2: 69, stroke: borderTopColor, "stroke-width": 3, "stroke-dasharray": "7 4" }) : s("rect", { x, y: 63, width: 12, height: 12, rx: 3, fill: backgroundColor });
    const words = s("text", { x: x + (dashed ? 30 : 20), y: 74, fill: color, "font-size": 13, "font-family": fontFamily }, key.textContent ?? "");
    // As wide as on the page, whose letters are as large.
    x += key.getBoundingClientRect().width + 24;
    return [sample, words];
  });
}

/** @param {SVGElement} drawn @param {string} name without extension */
export function saveSvg(drawn, name) {
  save(new Blob([new XMLSerializer().serializeToString(drawn)], { type: "image/svg+xml" }), `${name}.svg`);
}

/** @param {SVGElement} drawn @param {string} name without extension */
export async function savePng(drawn, name) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(drawn))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Number(drawn.getAttribute("width")) * DENSITY;
  canvas.height = Number(drawn.getAttribute("height")) * DENSITY;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => blob && save(blob, `${name}.png`));
}
