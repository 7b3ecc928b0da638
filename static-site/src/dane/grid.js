// Days of the week by parts of the day: a table whose cells are shaded, so that it is picture and numbers in one.
import { h } from "../lib/dom.js";
import { number, t, weekday } from "../lib/i18n.js";
import { shades } from "./numbers.js";

export const PARTS = /** @type {const} */ (["morning", "afternoon", "evening", "night"]);

/** @param {number[][]} rows seven days of four parts, Monday first @param {string} caption */
export function weekGrid(rows, caption) {
  const classes = shades(rows);
  return h("table", { class: "week" }, h("caption", {}, caption),
    h("thead", {}, h("tr", {}, h("td", {}), PARTS.map((part) => h("th", { scope: "col" }, t(`dane.${part}`), h("small", {}, t(`dane.${part}_hours`)))))),
    h("tbody", {}, rows.map((row, day) => h("tr", {}, h("th", { scope: "row" }, h("abbr", { title: weekday(day + 1, "long") }, weekday(day + 1, "short"))),
      row.map((value, part) => h("td", { class: `shade shade-${classes[day][part]}` }, number(value)))))));
}

/** @param {number[][]} rows @returns {{ day: number, part: number, value: number }} the strongest cell */
export function strongest(rows) {
  const best = { day: 0, part: 0, value: 0 };
  for (const [day, row] of rows.entries()) for (const [part, value] of row.entries()) if (value > best.value) Object.assign(best, { day, part, value });
  return best;
}
