// Rows by size: a name that leads on, its number, and a bar; a second bar where something is compared.
import { h, icon } from "../lib/dom.js";
import { s } from "./svg.js";

/**
 * @typedef {{ name: string, icon?: string, href?: string, current?: boolean, a: number, b?: number | null, text: string, second?: string }} Bar
 * `a` and `b` are lengths, `text` and `second` what they mean
 */

const ROWS = 10;

/** @param {Bar[]} rows largest first @param {{ label: string, more: string }} words @returns {HTMLElement} */
export function bars(rows, { label, more }) {
  const most = Math.max(...rows.map(({ a, b }) => Math.max(a, b ?? 0)), 1e-9);
  const item = (/** @type {Bar} */ row) => h("li", { class: row.current ? "rank current" : "rank" }, inner(row),
    bar(row.a / most, "a"), row.b !== undefined && row.b !== null && bar(row.b / most, "b"));
  const list = h("ul", { class: "ranks", "aria-label": label }, rows.slice(0, ROWS).map(item));
  if (rows.length <= ROWS) return list;
  const button = h("button", { type: "button", class: "button quiet", onclick: () => {
    const next = rows.slice(ROWS).map(item);
    list.append(...next);
    button.remove();
    next[0].querySelector("a")?.focus();
  } }, more);
  return h("div", {}, list, button);
}

/** @param {Bar} row */
function inner({ name, icon: symbol, href, current, text, second }) {
  const words = [symbol && icon(symbol), h("span", { class: "grow" }, name), h("span", { class: "rank-value" }, h("b", {}, text), second && h("small", {}, second))];
  return href ? h("a", { class: "rank-name", href, "aria-current": current ? "true" : null }, words) : h("div", { class: "rank-name" }, words);
}

/** @param {number} part @param {"a" | "b"} series */
function bar(part, series) {
  return s("svg", { class: `length length-${series}`, "aria-hidden": "true" }, s("rect", { class: "length-ground", width: "100%", height: "100%", rx: 3 }), s("rect", { class: `length-fill-${series}`, width: `${Math.max(0, Math.min(100, part * 100)).toFixed(2)}%`, height: "100%", rx: 3 }));
}
