// On the phone the panel is a sheet in three heights; on wide screens the style sheet makes it a column.
import { byId } from "../lib/dom.js";
import { state } from "../lib/state.js";

/** @typedef {"peek" | "half" | "full" | "fit"} Height `fit` is as high as its content: the map stays usable above */

const ORDER = /** @type {const} */ (["peek", "half", "full"]);
/** Pixels that count as a drag, less is a tap. */
const DRAG = 24;

const WIDE = matchMedia("(width >= 900px)");

/** Where the sheet covers the map, the keyboard and screen readers do not meet the map either. */
function cover() {
  const frame = /** @type {HTMLElement} */ (byId("map").parentElement);
  frame.inert = sheetHeight() === "full" && !WIDE.matches;
}

/** @returns {Height} */
export function sheetHeight() {
  return /** @type {Height} */ (byId("panel").dataset.height);
}

/** @param {Height} height */
export function setSheet(height) {
  const panel = byId("panel");
  if (panel.dataset.height === height) return;
  panel.dataset.height = height;
  byId("handle").setAttribute("aria-expanded", String(height !== "peek"));
  document.body.dataset.sheet = height;
  cover();
}

/** The map takes what the sheet leaves, so that its middle is the middle of what can be seen. */
function followHeight() {
  const panel = byId("panel");
  new ResizeObserver(() => {
    if (sheetHeight() !== "full") document.documentElement.style.setProperty("--sheet", `${panel.offsetHeight}px`);
    state.map?.resize();
  }).observe(panel);
}

/** @param {number} steps upwards */
function shift(steps) {
  const current = sheetHeight() === "fit" ? 1 : ORDER.indexOf(/** @type {typeof ORDER[number]} */ (sheetHeight()));
  setSheet(ORDER[Math.max(0, Math.min(ORDER.length - 1, current + steps))]);
}

export function startSheet() {
  const handle = byId("handle");
  const panel = byId("panel");
  followHeight();
  WIDE.addEventListener("change", cover);
  /** @type {number | null} */
  let from = null;
  let moved = 0;
  handle.addEventListener("pointerdown", (event) => {
    from = event.clientY;
    moved = 0;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (from === null) return;
    moved = event.clientY - from;
    panel.style.translate = `0 ${Math.max(moved, -120)}px`;
  });
  const release = () => {
    panel.style.translate = "";
    if (from !== null && Math.abs(moved) >= DRAG) shift(moved < -220 ? 2 : moved < 0 ? 1 : moved > 220 ? -2 : -1);
    from = null;
  };
  handle.addEventListener("pointerup", release);
  handle.addEventListener("pointercancel", release);
  handle.addEventListener("click", () => {
    if (Math.abs(moved) < DRAG) setSheet(sheetHeight() === "peek" ? "half" : sheetHeight() === "half" ? "full" : "peek");
    moved = 0;
  });
}
