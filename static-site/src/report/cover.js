// Hiding faces and number plates in a photo by hand: draw over them, or put the frame there with taps or keys.
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { hide } from "./picture.js";

const STEP = 0.04;
const GROWTH = 1.25;
/** A drag shorter than this share of the picture is a tap. */
const TAP = 0.02;

/** @param {number} value @param {number} low @param {number} high */
function within(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/**
 * Opens the picture; what was hidden stays hidden when it is closed.
 * @param {HTMLCanvasElement} picture @returns {Promise<void>} when it is closed
 */
export function cover(picture) {
  const view = h("canvas", { width: picture.width, height: picture.height, tabindex: 0, role: "img", "aria-label": t("photo.cover_picture"), "aria-describedby": "cover-hint" });
  const context = /** @type {CanvasRenderingContext2D} */ (view.getContext("2d"));
  const said = h("p", { class: "hint", role: "status" });
  const [wide, tall] = [picture.width, picture.height];
  let frame = { x: wide * 0.4, y: tall * 0.4, width: wide * 0.2, height: tall * 0.2 };
  /** @type {ImageData[]} */
  const before = [];
  /** @type {{ x: number, y: number } | null} */
  let start = null;

  const draw = () => {
    context.drawImage(picture, 0, 0);
    for (const [width, style] of /** @type {const} */ ([[6, "#000"], [2.5, "#ffc845"]])) {
      context.lineWidth = (width * wide) / (view.clientWidth || wide);
      context.strokeStyle = style;
      context.strokeRect(frame.x, frame.y, frame.width, frame.height);
    }
  };
  /** @param {Partial<typeof frame>} change */
  const place = (change) => {
    const next = { ...frame, ...change };
    const width = within(next.width, wide * 0.02, wide);
    const height = within(next.height, tall * 0.02, tall);
    frame = { x: within(next.x, 0, wide - width), y: within(next.y, 0, tall - height), width, height };
    draw();
  };
  /** @param {number} factor */
  const grow = (factor) => place({
    width: frame.width * factor, height: frame.height * factor,
    x: frame.x - (frame.width * (factor - 1)) / 2, y: frame.y - (frame.height * (factor - 1)) / 2,
  });
  const apply = () => {
    const own = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d"));
    before.push(own.getImageData(0, 0, wide, tall));
    // The way back is for slips of the hand; whole pictures are large.
    if (before.length > 3) before.shift();
    hide(picture, frame);
    said.textContent = t("photo.covered");
    draw();
  };
  const undo = () => {
    const last = before.pop();
    if (last === undefined) return;
    picture.getContext("2d")?.putImageData(last, 0, 0);
    said.textContent = t("photo.uncovered");
    draw();
  };
  /** @param {PointerEvent} event */
  const at = (event) => {
    const box = view.getBoundingClientRect();
    return { x: within(((event.clientX - box.left) / box.width) * wide, 0, wide), y: within(((event.clientY - box.top) / box.height) * tall, 0, tall) };
  };
  view.addEventListener("pointerdown", (event) => {
    start = at(event);
    view.setPointerCapture(event.pointerId);
  });
  view.addEventListener("pointermove", (event) => {
    if (start === null) return;
    const end = at(event);
    place({ x: Math.min(start.x, end.x), y: Math.min(start.y, end.y), width: Math.abs(end.x - start.x), height: Math.abs(end.y - start.y) });
  });
  view.addEventListener("pointerup", (event) => {
    if (start === null) return;
    const end = at(event);
    const tapped = Math.hypot(end.x - start.x, end.y - start.y) < wide * TAP;
    start = null;
    if (tapped) place({ width: wide * 0.15, height: tall * 0.15, x: end.x - wide * 0.075, y: end.y - tall * 0.075 });
    else apply();
  });
  view.addEventListener("keydown", (event) => {
    const moves = /** @type {Record<string, () => void>} */ ({
      ArrowLeft: () => place({ x: frame.x - wide * STEP }), ArrowRight: () => place({ x: frame.x + wide * STEP }),
      ArrowUp: () => place({ y: frame.y - tall * STEP }), ArrowDown: () => place({ y: frame.y + tall * STEP }),
      "+": () => grow(GROWTH), "-": () => grow(1 / GROWTH), Enter: apply, " ": apply,
    });
    const act = moves[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  /** @param {string} symbol @param {string} key @param {() => void} act */
  const tool = (symbol, key, act) => h("button", { type: "button", class: "button", onclick: act }, icon(symbol), t(key));
  const dialog = h("dialog", { class: "cover", "aria-labelledby": "cover-title" },
    h("h2", { id: "cover-title" }, t("photo.cover")),
    h("p", { class: "hint", id: "cover-hint" }, t("photo.cover_hint")),
    view,
    h("div", { class: "row" },
      tool("check", "photo.cover_here", apply), tool("plus", "photo.larger", () => grow(GROWTH)), tool("minus", "photo.smaller", () => grow(1 / GROWTH)),
      tool("undo-2", "photo.undo", undo)),
    said,
    h("button", { type: "button", class: "button primary big", onclick: () => dialog.close() }, t("photo.ready")));
  document.body.append(dialog);
  dialog.showModal();
  draw();
  return new Promise((resolve) => dialog.addEventListener("close", () => {
    dialog.remove();
    resolve();
  }));
}
