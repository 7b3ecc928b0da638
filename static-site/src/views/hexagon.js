// What one hexagon says: how many, what, and whether it could be chance. It is named by its nearest place, never by its id.
import { h } from "../lib/dom.js";
import { number, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { categoryName, hexName } from "../panel/browse.js";
import { actions } from "../panel/detail.js";
import { sayChance } from "./chance.js";

/** @typedef {import("../data/hexes.js").Hex} Hex */

const SHARES = 5;

/**
 * Reports of the year and of the last 28 days that the filter leaves.
 * @param {Pick<Hex, "year" | "month" | "categories">} hex @param {string[]} chosen @returns {{ year: number, month: number }}
 */
export function countsOf(hex, chosen) {
  if (chosen.length === 0) return hex;
  const parts = hex.categories.filter(({ code }) => chosen.includes(code));
  return { year: parts.reduce((sum, { year }) => sum + year, 0), month: parts.reduce((sum, { month }) => sum + (month ?? 0), 0) };
}

/** @param {string} text */
function uncapitalised(text) {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** @param {Hex} hex */
function chance(hex) {
  const place = h("div", { class: "chance" });
  void sayChance(place, hex, categoryName);
  return place;
}

/** @param {Hex} hex */
export function hexDetail(hex) {
  const { categories: chosen, window } = state.route;
  const shares = hex.categories
    .map(({ code, year, month }) => ({ code, count: window === "28d" ? month : year }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const highest = shares[0]?.count ?? 1;
  const { year, month } = countsOf(hex, chosen);
  return [
    h("h1", {}, t("place.near", { place: hexName(hex) })),
    h("div", { class: "figures" },
      h("p", {}, h("strong", {}, number(year)), h("span", {}, t("detail.year", { n: year }))),
      h("p", {}, h("strong", {}, number(month)), h("span", {}, t("detail.month", { n: month })))),
    chosen.length > 0
      ? h("p", {}, t("detail.only", { categories: chosen.map((code) => uncapitalised(categoryName(code))).join(", ") }))
      : hex.top && h("p", {}, t("detail.top", { category: uncapitalised(categoryName(hex.top)) })),
    shares.length > 0 && h("ul", { class: "bars" }, shares.slice(0, SHARES).map(({ code, count }) =>
      h("li", {}, h("span", {}, categoryName(code)), h("b", {}, number(count)), h("meter", { min: 0, max: highest, value: count, "aria-hidden": "true" })))),
    chance(hex),
    h("p", { class: "hint" }, t("list.honest")),
    actions(hex.lat, hex.lon),
  ];
}
