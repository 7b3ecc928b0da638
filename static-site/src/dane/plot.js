// A chart over months: columns or a line, a second series as a dashed line with square marks, and a reader that says the
// numbers of one month, by pointer, by touch and by the arrow keys.
import { fill, h } from "../lib/dom.js";
import { labelStep, ticks } from "./scale.js";
import { s } from "./svg.js";
import { monthShort, monthText } from "./words.js";

/**
 * @typedef {{ kind: "columns" | "line", months: string[], a: (number | null)[], b: (number | null)[] | null, bMonths: string[] | null, begun: boolean,
 *   names: string[], format: (value: number) => string, whole: boolean, title: string, summary: string, readLabel: string, missing: string }} Plot
 * `begun`: the last month is not over and drawn hatched; `bMonths`: months of the second series where they are others
 */

const HEIGHT = 264;
const TOP = 14;
const BOTTOM = 40;
const BOTTOM_YEARS = 26;
const RIGHT = 10;
const LABEL = 34;
const DIGIT = 7.6;
let count = 0;

/** @param {Plot} plot @returns {HTMLElement} */
export function plotMonths(plot) {
  const { months, names } = plot;
  const id = `plot-${(count += 1)}`;
  const frame = h("div", { class: "plot" });
  const read = h("p", { class: "plot-read", "aria-hidden": "true" });
  const slider = h("input", { type: "range", class: "plot-slider", min: 0, max: months.length - 1, step: 1, value: months.length - 1, "aria-label": plot.readLabel, "aria-valuetext": said(plot, months.length - 1) });
  const place = h("div", { class: "plot-place" });
  /** @type {{ left: number, band: number } | null} */
  let geometry = null;

  /** @param {number | null} at */
  const show = (at) => {
    const beam = place.querySelector(".beam");
    if (at === null || geometry === null) {
      beam?.setAttribute("class", "beam away");
      return fill(read, legend(names));
    }
    beam?.setAttribute("x", String(geometry.left + at * geometry.band));
    beam?.setAttribute("class", "beam");
    fill(read, reading(plot, at));
  };
  const draw = () => {
    const width = Math.floor(place.clientWidth);
    if (width < 40) return;
    const drawn = drawPlot(plot, width, id);
    geometry = drawn;
    fill(place, drawn.svg);
    show(document.activeElement === slider ? slider.valueAsNumber : null);
  };
  slider.addEventListener("input", () => {
    slider.setAttribute("aria-valuetext", said(plot, slider.valueAsNumber));
    show(slider.valueAsNumber);
  });
  slider.addEventListener("focus", () => show(slider.valueAsNumber));
  slider.addEventListener("blur", () => show(null));
  const point = (/** @type {PointerEvent} */ event) => {
    if (geometry === null) return;
    const at = Math.floor((event.clientX - place.getBoundingClientRect().left - geometry.left) / geometry.band);
    show(at >= 0 && at < months.length ? at : null);
  };
  place.addEventListener("pointermove", point);
  place.addEventListener("pointerdown", point);
  place.addEventListener("pointerleave", () => show(null));
  new ResizeObserver(draw).observe(place);
  fill(read, legend(names));
  fill(frame, read, h("div", { class: "plot-box" }, place, slider));
  return frame;
}

/** @param {string[]} names */
function legend(names) {
  return names.map((name, index) => h("span", { class: "key" }, h("i", { class: `key-${"ab"[index]}` }), name));
}

/** @param {Plot} plot @param {number} at */
function reading({ months, a, b, bMonths, names, format, missing }, at) {
  const value = (/** @type {number | null | undefined} */ n) => (n === null || n === undefined ? missing : format(n));
  const other = b && bMonths ? monthText(bMonths[at]) : names[1];
  return [h("strong", {}, monthText(months[at])), h("span", { class: "key" }, h("i", { class: "key-a" }), b && !bMonths ? `${names[0]}: ` : "", h("b", {}, value(a[at]))),
    b && h("span", { class: "key" }, h("i", { class: "key-b" }), `${other}: `, h("b", {}, value(b[at])))];
}

/** @param {Plot} plot @param {number} at */
function said(plot, at) {
  return reading(plot, at).map((part) => (part ? part.textContent : "")).filter(Boolean).join(", ");
}

/** @param {Plot} plot @param {number} width @param {string} id */
function drawPlot({ kind, months, a, b, begun, format, whole, title, summary }, width, id) {
  const known = [...a, ...(b ?? [])].filter((value) => value !== null);
  const scale = ticks(Math.max(0, ...known), 4, whole);
  const most = scale[scale.length - 1];
  const left = Math.ceil(Math.max(...scale.map((value) => format(value).length)) * DIGIT) + 10;
  const band = (width - left - RIGHT) / months.length;
  const floor = HEIGHT - (labelStep(months.length, band * months.length, LABEL) < 12 ? BOTTOM : BOTTOM_YEARS);
  const y = (/** @type {number} */ value) => floor - (value / most) * (floor - TOP);
  const x = (/** @type {number} */ at) => left + (at + 0.5) * band;
  const svg = s("svg", { class: "plot-svg", width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-labelledby": `${id}-t ${id}-d` },
    s("title", { id: `${id}-t` }, title), s("desc", { id: `${id}-d` }, summary),
    s("defs", {}, s("pattern", { id: `${id}-h`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("rect", { width: 6, height: 6, class: "hatch-ground" }), s("rect", { width: 2.4, height: 6, class: "hatch" }))),
    ...scale.flatMap((value) => [s("line", { class: value === 0 ? "axis" : "grid", x1: left, x2: width - RIGHT, y1: y(value), y2: y(value) }), s("text", { class: "tick", x: left - 8, y: y(value) + 4, "text-anchor": "end" }, format(value))]),
    s("rect", { class: "beam away", x: left, y: TOP - 6, width: band, height: floor - TOP + 6, rx: 3 }),
    ...monthLabels(months, left, band, floor),
    ...(kind === "columns" ? columns(a, { left, band, floor, y, begun, hatch: `url(#${id}-h)` }) : line(a, x, y, "a", band)),
    ...(b === null ? [] : line(b, x, y, "b", band)));
  return { svg, left, band };
}

/** @param {string[]} months @param {number} left @param {number} band @param {number} floor */
function monthLabels(months, left, band, floor) {
  const step = labelStep(months.length, band * months.length, LABEL);
  // Steps are counted from January, so that every label of a year stands where the year before had it.
  const shown = months.map((month, at) => ({ month, at, number: Number(month.slice(5)) - 1 })).filter(({ number, month }) => (step <= 12 ? number % step === 0 : number === 0 && Number(month.slice(0, 4)) % (step / 12) === 0));
  if (shown.length === 0) shown.push({ month: months[0], at: 0, number: 0 });
  return shown.flatMap(({ month, at, number }, index) => {
    const centre = left + (at + 0.5) * band;
    const yearly = index === 0 || number === 0;
    return [s("line", { class: "axis", x1: centre, x2: centre, y1: floor, y2: floor + 4 }), s("text", { class: "tick", x: centre, y: floor + 18, "text-anchor": "middle" }, step < 12 ? monthShort(month) : month.slice(0, 4)),
      ...(yearly && step < 12 ? [s("text", { class: "tick year", x: centre, y: floor + 34, "text-anchor": "middle" }, month.slice(0, 4))] : [])];
  });
}

/**
 * @param {(number | null)[]} values
 * @param {{ left: number, band: number, floor: number, y: (value: number) => number, begun: boolean, hatch: string }} place
 */
function columns(values, { left, band, floor, y, begun, hatch }) {
  const width = Math.max(1.5, Math.min(36, band * 0.68));
  return values.map((value, at) => {
    const top = y(value ?? 0);
    const start = left + (at + 0.5) * band - width / 2;
    const round = Math.min(4, width / 2, floor - top);
    const outline = `M${start} ${floor}V${top + round}q0 ${-round} ${round} ${-round}h${width - 2 * round}q${round} 0 ${round} ${round}V${floor}z`;
    const unfinished = begun && at === values.length - 1;
    return s("path", { class: unfinished ? "begun" : "column", d: outline, ...(unfinished ? { fill: hatch } : {}) });
  });
}

/** @param {(number | null)[]} values @param {(at: number) => number} x @param {(value: number) => number} y @param {"a" | "b"} series @param {number} band */
function line(values, x, y, series, band) {
  let path = "";
  let open = false;
  for (const [at, value] of values.entries()) {
    if (value !== null) path += `${open ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    open = value !== null;
  }
  const marks = values.flatMap((value, at) => {
    const alone = values[at - 1] == null && values[at + 1] == null;
    if (value === null || (band < 18 && !alone)) return [];
    return [series === "a" ? s("circle", { class: "mark-a", cx: x(at), cy: y(value), r: 3.5 }) : s("rect", { class: "mark-b", x: x(at) - 3.5, y: y(value) - 3.5, width: 7, height: 7 })];
  });
  return [s("path", { class: "halo", d: path }), s("path", { class: `line-${series}`, d: path }), ...marks];
}
