// Days of the week by parts of the day: a table whose cells are shaded, so that it is picture and numbers in one.
import { h } from "../lib/dom.js";
import { number, t, weekday } from "../lib/i18n.js";

export const PARTS = /** @type {const} */ (["morning", "afternoon", "evening", "night"]);

/**
 * Classes of a grid's counts for five shades: equal steps up to the largest.
 * @param {number[][]} rows @returns {number[][]} 0 for none, else 1 to 5
 */
export function shades(rows) {
  const most = Math.max(0, ...rows.flat());
  return rows.map((row) => row.map((value) => (value === 0 ? 0 : Math.max(1, Math.ceil((value / most) * 5)))));
}

/** @param {number[][]} rows seven days of four parts, Monday first @param {string} caption */
export function weekGrid(rows, caption) {
  const classes = shades(rows);
  return h("table", { class: "week" }, h("caption", {}, caption),
    h("thead", {}, h("tr", {}, h("td", {}), PARTS.map((part) => h("th", { scope: "col" }, t(`week.${part}`), h("small", {}, t(`week.${part}_hours`)))))),
    h("tbody", {}, rows.map((row, day) => h("tr", {}, h("th", { scope: "row" }, h("abbr", { title: weekday(day + 1, "long") }, weekday(day + 1, "short"))),
      row.map((value, part) => h("td", { class: `shade shade-${classes[day][part]}` }, number(value)))))));
}

/** @param {number[][]} rows @returns {{ day: number, part: number, value: number }} the strongest cell */
export function strongest(rows) {
  const best = { day: 0, part: 0, value: 0 };
  for (const [day, row] of rows.entries()) for (const [part, value] of row.entries()) if (value > best.value) Object.assign(best, { day, part, value });
  return best;
}
