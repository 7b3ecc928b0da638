// What the night's statistics say of one hexagon, in plain words: how sure, how it has come about, and when.
import { nearestPlace, places } from "../data/places.js";
import { fill, h } from "../lib/dom.js";
import { t, weekday } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { PARTS, weekGrid } from "../shared/week.js";

/** @typedef {import("../data/hexes.js").Hex} Hex */
/** @typedef {{ expected: number | null, local: number, national: number, trend: number, surprise: number }} Marks */

/** How many reports of a year a pattern of the week must rest on. */
const ENOUGH = 50;
const STANDING_OUT = 3;

/**
 * What is told of a hexagon: of one category where the filter leaves one, else of all ordinary ones together.
 * @param {Hex} hex @param {{ categories: string[], window: "365d" | "28d" }} filters
 * @returns {Marks | null} null where nothing is told
 */
export function marksOf({ file, position }, { categories, window }) {
  const month = window === "28d";
  if (categories.length > 1 || file.expected === undefined || !file.hot365) return null;
  if (categories.length === 1) {
    const row = file.standing_out?.find(([index, place]) => place === position && file.categories[index] === categories[0]);
    if (row === undefined) return null;
    return { expected: null, local: row[month ? 3 : 2], national: row[month ? 5 : 4], trend: row[6], surprise: row[7] };
  }
  const at = (/** @type {number[] | undefined} */ column) => column?.[position] ?? -1;
  return {
    expected: file.expected[position], local: at(month ? file.hot28 : file.hot365),
    national: at(month ? file.national28 : file.national365), trend: at(file.trend), surprise: at(file.surprise),
  };
}

/** Categories that alone are a cluster here, the surest first. @param {Hex} hex @param {"365d" | "28d"} window @returns {string[]} */
export function standingOut({ file, position }, window) {
  const column = window === "28d" ? 3 : 2;
  return (file.standing_out ?? [])
    .filter((row) => row[1] === position && row[column] > 0)
    .sort((one, other) => other[column] - one[column])
    .slice(0, STANDING_OUT)
    .map(([index]) => file.categories[index]);
}

/** The day of the week (1 is Monday) and the part with most reports. @param {number[][]} grid 7 days × 4 parts @returns {{ day: number, part: string } | null} */
export function busiest(grid) {
  const days = grid.map((parts) => parts.reduce((sum, count) => sum + count, 0));
  const parts = PARTS.map((_, part) => grid.reduce((sum, day) => sum + day[part], 0));
  if (days.reduce((sum, count) => sum + count, 0) < ENOUGH) return null;
  return { day: 1 + days.indexOf(Math.max(...days)), part: PARTS[parts.indexOf(Math.max(...parts))] };
}

/**
 * Why nothing is told, where it is not.
 * @param {Hex} hex @param {string[]} categories @param {(code: string) => string | undefined} sensitivity
 * @returns {string} the end of a key
 */
export function whyNot({ file }, categories, sensitivity) {
  if (!file.hot365) return "fine";
  if (categories.length > 1) return "several";
  return sensitivity(categories[0]) === "ordinary" ? "not_alone" : "guarded";
}

/** @param {Marks} marks */
function sentences({ expected, local, national, trend, surprise }) {
  return [
    local > 0 && t("chance.local", { p: local }),
    local === 0 && t("chance.not"),
    national > 0 && t(local > 0 ? "chance.national_too" : "chance.national", { p: national }),
    trend > 0 && t(`chance.trend_${trend}`),
    surprise > 0 && t("chance.surprise", { odds: 10 ** surprise }),
    expected !== null && (expected >= 1 ? t("chance.expected", { n: expected }) : t("chance.expected_few")),
  ].filter((text) => text !== false);
}

/** When most is reported in the powiat around: of a single hexagon that is not told. @param {Hex} hex @param {string[]} categories */
async function pattern({ lat, lon }, categories) {
  const template = state.published.manifest?.areas;
  const near = nearestPlace(await places(), lat, lon);
  if (!template || near === null || categories.length > 1) return null;
  const answer = await fetch(template.replace("{area}", near.place.code));
  if (!answer.ok) return null;
  const area = await answer.json();
  const grid = area.pattern[categories[0] ?? "all"] ?? [];
  const found = busiest(grid);
  return found && [h("p", {}, t("chance.pattern", { area: area.name, day: weekday(found.day, "long"), part: t(`part.${found.part}`) })),
    weekGrid(grid, t("chance.week", { area: area.name }))];
}

/**
 * @param {HTMLElement} place takes the words @param {Hex} hex
 * @param {(code: string) => string} categoryName
 */
export async function sayChance(place, hex, categoryName) {
  const { categories, window } = state.route;
  const marks = marksOf(hex, state.route);
  const alone = categories.length === 0 ? standingOut(hex, window) : [];
  const silent = () => t(`chance.${whyNot(hex, categories, (code) => state.category(code)?.sensitivity)}`);
  const said = [...(marks === null ? [silent()] : sentences(marks)), ...(alone.length > 0 ? [t("chance.standing", { categories: alone.map(categoryName).join(", ") })] : [])];
  const when = h("div");
  fill(place, h("h2", {}, t("chance.title")), said.map((text) => h("p", {}, text)), when,
    h("p", { class: "hint" }, h("a", { href: `/info/${document.documentElement.lang}/about/` }, t("chance.method"))));
  // Without the file of the area the rest still stands.
  const told = await pattern(hex, categories).catch(() => null);
  if (told === null) when.remove();
  else fill(when, told);
}
