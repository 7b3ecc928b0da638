// The week's patrol plan: where and when it is likeliest to meet something, why, and the reports that say so.
import { append, fill, h, icon } from "../lib/dom.js";
import { dayText, language, momentText, t, timeZone, weekday } from "../lib/i18n.js";
import { addDays, today } from "../lib/time.js";
import { ask } from "./ask.js";
import { drawSheet } from "./card.js";
import { categoryName } from "./list.js";
import { address } from "./route.js";
import { failed, queryOf, sheetButton, unitChoice, unitOf } from "./scope.js";

/** @typedef {import("./route.js").Route} Route */
/**
 * @typedef {{ rank: number, cell: string, lat: number, lon: number, place: string | null, area: string, area_name: string | null,
 *   day: number, part: string, expected: number, low: number, high: number, share: number,
 *   categories: { category: string, expected: number }[], reasons: ({ code: string } & Record<string, number>)[],
 *   reports: string[], counted: number, unit?: import("./store.js").Unit | null }} Line `reports` are the newest of those counted
 */

const WEEK_MS = 7 * 86_400_000;
/** How many reports of a row are named before the rest is only counted. */
const NAMED = 12;

/** @param {HTMLElement} main @param {Route} route @param {() => boolean} current */
export async function drawPlan(main, route, current) {
  const wanted = { week: route.id, unit: unitOf(route) };
  const choice = unitChoice(route, true);
  fill(main, h("h1", {}, t("plan.title")), h("p", { class: "loading", role: "status" }, t("console.loading")));
  const answer = await ask("GET", `patrol-plan?${queryOf(wanted)}`);
  if (!current()) return;
  if (!answer.ok && answer.refusal.code !== "not_found") return failed(main, t("plan.title"), answer.refusal);
  const found = answer.ok ? answer.body : noPlan(wanted.week);
  const query = { unit: wanted.unit, week: found.week };
  fill(main, h("div", { class: "list-head" }, h("h1", {}, t("plan.title")), found.rows.length > 0 && h("div", { class: "row" },
    h("a", { class: "button", href: address("sheet", found.week, { unit: wanted.unit }) }, icon("printer"), t("plan.print")), sheetButton(`patrol-plan?${queryOf(query)}`, `plan-${query.unit ? `${query.unit}-` : ""}${found.week}.csv`))),
  weeks(route, found, choice),
  h("p", { class: "lead" }, answer.ok && `${found.unit?.name ?? t("console.nation")}: `, t("plan.week", { from: dayText(found.from), to: dayText(found.to) })));
  if (found.rows.length === 0) {
    append(main, [h("div", { class: "notice" }, icon("calendar", "icon large"), h("h2", {}, t("plan.none")), h("p", {}, t("plan.none_text")))]);
    return;
  }
  append(main, [h("p", { class: "hint" }, t("plan.basis", { n: found.basis.reports, from: dayText(found.basis.from), to: dayText(found.basis.to) }), " ", found.made_at && t("plan.made", { when: momentText(found.made_at) })),
    h("p", { class: "hint" }, t("plan.covered", { n: found.covered.rows, share: percent(found.covered.share) }))]);
  const map = h("div", {});
  append(main, [h("div", { class: "plan-columns" }, h("ol", { class: "plan-list", "aria-label": t("plan.list") }, found.rows.map(line)), map)]);
  const { planMap } = await import("./map.js");
  if (current()) await planMap(map, found.rows);
}

/** The plan as the API draws it for paper. @param {HTMLElement} main @param {Route} route @param {() => boolean} current */
export async function drawPlanSheet(main, { id, filters }, current) {
  const query = { unit: filters.unit ?? "", week: id };
  await drawSheet(main, { path: `patrol-plan?${queryOf(query)}`, title: t("plan.title"), back: address("plan", id, { unit: query.unit }), backText: t("plan.back") }, current);
}

/** What stands in the place of a plan that was never made. @param {string} week of the address, or nothing for this one */
function noPlan(week) {
  const [year, number] = (week || weekOf(new Date(`${today(new Date(), timeZone())}T12:00:00Z`))).split("-W").map(Number);
  // The fourth of January lies in the year's first week (ISO 8601).
  const fourth = `${year}-01-04`;
  const from = addDays(fourth, (number - 1) * 7 - ((new Date(`${fourth}T12:00:00Z`).getUTCDay() + 6) % 7));
  return { week: weekOf(new Date(`${from}T12:00:00Z`)), from, to: addDays(from, 6), rows: [], unit: null };
}

/** @param {Route} route @param {any} found @param {HTMLElement | null} choice */
function weeks(route, found, choice) {
  const link = (/** @type {number} */ step, /** @type {string} */ symbol, /** @type {string} */ label) =>
    h("a", { class: "button square", href: address("plan", weekOf(new Date(Date.parse(`${found.from}T12:00:00Z`) + step * WEEK_MS)), route.filters), "aria-label": label, title: label }, icon(symbol));
  return h("div", { class: "filter-bar", role: "group", "aria-label": t("list.filters") }, link(-1, "arrow-left", t("plan.before")), h("strong", { class: "plan-week" }, found.week), link(1, "arrow-right", t("plan.after")), choice);
}

/** The ISO week of a day. @param {Date} day @returns {string} YYYY-Www */
export function weekOf(day) {
  // A week belongs to the year of its Thursday (ISO 8601).
  const thursday = new Date(day.getTime() + (3 - ((day.getUTCDay() + 6) % 7)) * 86_400_000);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return `${thursday.getUTCFullYear()}-W${String(Math.floor((thursday.getTime() - first) / WEEK_MS) + 1).padStart(2, "0")}`;
}

/** @param {number} part */
function percent(part) {
  return new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 0 }).format(part);
}

/** @param {number} value */
function tenths(value) {
  return new Intl.NumberFormat(language(), { maximumFractionDigits: 1 }).format(value);
}

/** @param {Line} row */
function line(row) {
  const { rank, day, part, reports, counted } = row;
  const named = reports.slice(0, NAMED);
  const rest = counted - named.length;
  return h("li", { id: `plan-${rank}`, class: "plan-row", tabindex: -1 },
    h("span", { class: "plan-rank", "aria-hidden": "true" }, String(rank)),
    h("div", { class: "grow" }, h("h2", {}, `${weekday(day, "long")}, ${t(`part.${part}`)}`),
      h("p", { class: "plan-place" }, icon("map-pin"), row.place ?? row.area_name ?? t("case.nowhere"), " ", h("small", {}, t("case.coordinates", { lat: row.lat.toFixed(4), lon: row.lon.toFixed(4) })), row.unit && ` · ${row.unit.short}`),
      h("p", {}, h("strong", {}, t("plan.expected", { n: tenths(row.expected) })), " ", h("small", {}, t("plan.between", { low: tenths(row.low), high: tenths(row.high) }), " ", t("plan.share", { share: percent(row.share) }))),
      h("p", {}, row.categories.map(({ category, expected }) => `${categoryName(category)} (${tenths(expected)})`).join(", ")),
      reasons(row),
      reports.length > 0 && h("details", { class: "no-print" }, h("summary", {}, t("plan.reports", { n: counted })),
        h("ul", { class: "plan-reports" }, named.map((id, index) => h("li", {}, h("a", { href: address("case", id) }, t("plan.report", { n: index + 1 })))), rest > 0 && h("li", {}, t("plan.more", { n: rest }))))));
}

/** Why the place stands here, in words. @param {Line} row */
function reasons({ reasons: all }) {
  const known = all.filter(({ code }) => REASONS.includes(code));
  return known.length > 0 && h("ul", { class: "plan-why" }, known.map(({ code, count, ...more }) => h("li", {}, t(`plan.why_${code}`, { n: count, ...more }))));
}

/** What a plan gives as its reasons. */
const REASONS = ["reports", "recent", "rising", "slot", "part", "open"];
