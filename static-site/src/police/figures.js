// Figures of a unit: how many, how fast, and whether that is more than before; each number leads to its reports.
import { fill, h, icon } from "../lib/dom.js";
import { dayText, language, momentText, number, t, timeZone } from "../lib/i18n.js";
import { addDays, today } from "../lib/time.js";
import { ask } from "./ask.js";
import { address } from "./route.js";
import { failed, queryOf, sheetButton, unitChoice } from "./scope.js";
import { store } from "./store.js";

/** @typedef {import("./route.js").Route} Route */
/** @typedef {{ n: number, p50_hours: number, p90_hours: number } | null} Durations */
/** @typedef {{ change: number | null, low: number | null, high: number | null, class: "up" | "down" | "same" | "too_few" } | null} Trend */
/**
 * @typedef {{ reports: number, sources: number, by_status: Record<string, number>, shares: Record<string, number>, take_up: Durations,
 *   verification: Durations, elimination: Durations, late_take_up: number, late_verification: number, overdue_now: number | null,
 *   reopened: number, trend: Trend }} Sums
 */

const SPANS = [7, 28, 90, 365];
const GROUPS = ["category", "powiat", "unit"];
const TIMES = /** @type {const} */ (["take_up", "verification", "elimination"]);
const DAY_HOURS = 24;

/** @param {Route} route */
export function askedOf({ filters: { from = "", to = "", unit = "", by = "" } }) {
  return { from, to, unit: unit || (store.me?.unit?.code ?? ""), by };
}

/** @param {HTMLElement} main @param {Route} route @param {() => boolean} current */
export async function drawFigures(main, route, current) {
  const wanted = askedOf(route);
  fill(main, h("h1", {}, t("figures.title")), h("p", { class: "loading", role: "status" }, t("console.loading")));
  const answer = await ask("GET", `stats?${queryOf(wanted)}`);
  if (!current()) return;
  if (!answer.ok) return failed(main, t("figures.title"), answer.refusal);
  const found = answer.body;
  const { from, to, by } = found;
  fill(main, h("div", { class: "list-head" }, h("h1", {}, t("figures.title")), sheetButton(`stats?${queryOf({ ...wanted, from, to })}`, `figures-${from}-${to}-${by}.csv`)),
    controls(route, found),
    h("p", { class: "lead" }, found.unit?.name ?? t("console.nation"), ": ", t("figures.period", { from: dayText(from), to: dayText(to) })),
    found.counted === null ? h("div", { class: "notice" }, icon("clock", "icon large"), h("h2", {}, t("figures.none")), h("p", {}, t("figures.none_text")))
      : [h("p", { class: "hint" }, found.updated && t("figures.updated", { when: momentText(found.updated) }), " ", t("figures.compared", { from: dayText(found.counted.previous_first), to: dayText(found.counted.previous_last) })),
        tiles(found.total, found.previous, route, found), times(found.total), table(found, route), months(found.months)]);
}

/** @param {Route} route @param {{ from: string, to: string, by: string }} shown */
function controls(route, { from, to, by }) {
  const go = (/** @type {Record<string, string>} */ change) => {
    location.hash = address("figures", "", { ...route.filters, from, to, by, ...change });
  };
  const yesterday = addDays(today(new Date(), timeZone()), -1);
  const length = to === yesterday ? SPANS.find((days) => addDays(to, 1 - days) === from) : undefined;
  const span = h("select", { id: "figures-span", "aria-label": t("figures.span"), onchange: () => span.value !== "" && go({ to: yesterday, from: addDays(yesterday, 1 - Number(span.value)) }) },
    SPANS.map((days) => h("option", { value: days, selected: days === length }, t("figures.days", { n: days }))), length === undefined && h("option", { value: "", selected: true }, t("figures.own")));
  const group = h("select", { id: "figures-by", "aria-label": t("figures.by"), onchange: () => go({ by: group.value }) }, GROUPS.map((code) => h("option", { value: code, selected: code === by }, t(`figures.by_${code}`))));
  const first = h("input", { type: "date", id: "figures-from", value: from, max: to, "aria-label": t("figures.from") });
  const last = h("input", { type: "date", id: "figures-to", value: to, min: from, "aria-label": t("figures.to") });
  const form = h("form", { class: "figures-days", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    go({ from: first.value, to: last.value });
  } }, first, h("span", { "aria-hidden": "true" }, "–"), last, h("button", { type: "submit", class: "button" }, t("figures.show")));
  return h("div", { class: "filter-bar", role: "group", "aria-label": t("list.filters") }, span, group, unitChoice(route, true), form);
}

/** Where the reports behind a number are. @param {Route} route @param {{ from: string, to: string, by: string }} shown @param {Record<string, string>} cell */
function behind(route, { from, to, by }, cell) {
  return address("behind", "", { unit: askedOf(route).unit, from, to, by, ...cell });
}

/** @param {Sums} total @param {Sums} previous @param {Route} route @param {any} shown */
function tiles(total, previous, route, shown) {
  const tile = (/** @type {string} */ key, /** @type {number | null} */ value, /** @type {string | null} */ note, /** @type {string | null} */ link) =>
    value !== null && h("li", { class: "tile" }, h("strong", {}, link && value > 0 ? h("a", { href: link }, number(value)) : number(value)), h("span", {}, t(`tile.${key}`)), note && h("small", {}, note));
  const cell = (/** @type {Record<string, string>} */ of) => behind(route, shown, of);
  return h("ul", { class: "tiles", "aria-label": t("figures.counts") },
    tile("reports", total.reports, trendText(total.trend) ?? t("figures.before", { n: previous.reports }), cell({})),
    tile("sources", total.sources, null, null),
    tile("confirmed", total.by_status.confirmed ?? 0, shareText(total, "confirmed"), cell({ status: "confirmed" })),
    tile("eliminated", total.by_status.eliminated ?? 0, shareText(total, "eliminated"), cell({ status: "eliminated" })),
    tile("overdue", total.overdue_now, null, address("cases", "", { overdue: "true", ...(route.filters.unit ? { unit: route.filters.unit } : {}) })),
    tile("late_take_up", total.late_take_up, null, cell({ figure: "late_take_up" })),
    tile("late_verification", total.late_verification, null, cell({ figure: "late_verification" })),
    tile("reopened", total.reopened, null, cell({ figure: "reopened" })));
}

/** @param {number} part */
function percent(part) {
  return new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 0 }).format(part);
}

/** @param {number} part */
function signed(part) {
  return new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" }).format(part);
}

/** @param {Sums} sums @param {string} status */
function shareText({ shares, reports }, status) {
  return reports === 0 ? null : t("figures.share", { share: percent(shares[status] ?? 0) });
}

/** What a change means in words: a number alone would look like a change where there is none. @param {Trend} trend */
function trendText(trend) {
  if (trend === null) return null;
  const { change, low, high } = trend;
  if (trend.class === "too_few" || change === null) return t("trend.too_few");
  if (low === null || high === null) return t(`trend.${trend.class}`, { change: signed(change) });
  return `${t(`trend.${trend.class}`, { change: signed(change) })} ${t("figures.interval", { low: signed(low), high: signed(high) })}`;
}

/** @param {number} hours */
function spanText(hours) {
  if (hours < 1) return t("due.minutes", { n: Math.max(1, Math.round(hours * 60)) });
  return hours < 2 * DAY_HOURS ? t("due.hours", { n: Math.round(hours) }) : t("due.days", { n: Math.round(hours / DAY_HOURS) });
}

/** @param {Sums} total */
function times(total) {
  return h("section", { class: "part" }, h("h2", {}, icon("clock"), t("figures.times")),
    h("dl", { class: "facts paces" }, TIMES.flatMap((name) => {
      const found = total[name];
      return [h("dt", {}, t(`pace.${name}`)), h("dd", {}, found === null ? t("figures.no_times")
        : [t("figures.pace", { half: spanText(found.p50_hours), most: spanText(found.p90_hours) }), h("small", {}, t("figures.of", { n: found.n }))])];
    })));
}

/** @param {any} found @param {Route} route */
function table(found, route) {
  const heads = ["row", "reports", "trend", "confirmed", "eliminated", "take_up", "verification", "overdue"];
  const pace = (/** @type {Durations} */ times) => (times === null ? "–" : `${spanText(times.p50_hours)} / ${spanText(times.p90_hours)}`);
  const cell = (/** @type {string} */ name, /** @type {import("../lib/dom.js").Child} */ content) => h("td", { role: "cell", class: `num-${name}` }, h("span", { class: "cell-name", "aria-hidden": "true" }, t(`numbers.${name}`)), h("span", {}, content));
  const link = (/** @type {number} */ n, /** @type {Record<string, string>} */ of) => (n > 0 ? h("a", { href: behind(route, found, of) }, number(n)) : "0");
  return h("section", { class: "part" }, h("h2", { id: "figures-rows" }, icon("chart-column"), t(`figures.by_${found.by}`)),
    h("p", { class: "hint" }, t("figures.table_hint")),
    found.rows.length === 0 ? h("p", {}, t("figures.empty")) : h("table", { class: "numbers", role: "table", "aria-labelledby": "figures-rows" },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads.map((name) => h("th", { role: "columnheader", scope: "col" }, t(`numbers.${name}`))))),
      h("tbody", { role: "rowgroup" }, found.rows.map((/** @type {Sums & { key: string, name: string }} */ row) => h("tr", { role: "row" },
        h("th", { role: "rowheader", scope: "row" }, row.name),
        cell("reports", link(row.reports, { key: row.key })), cell("trend", row.trend === null ? "–" : t(`short.${row.trend.class}`, { change: row.trend.change === null ? "" : signed(row.trend.change) })),
        cell("confirmed", link(row.by_status.confirmed ?? 0, { key: row.key, status: "confirmed" })), cell("eliminated", link(row.by_status.eliminated ?? 0, { key: row.key, status: "eliminated" })),
        cell("take_up", pace(row.take_up)), cell("verification", pace(row.verification)), cell("overdue", String(row.overdue_now ?? 0)))))));
}

/** @param {{ month: string, reports: number, confirmed: number, eliminated: number }[]} all */
function months(all) {
  if (all.length < 2) return null;
  const most = Math.max(1, ...all.map(({ reports }) => reports));
  const name = (/** @type {string} */ month) => new Intl.DateTimeFormat(language(), { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${month}-15T12:00:00Z`));
  return h("section", { class: "part" }, h("h2", {}, icon("calendar"), t("figures.months")), h("ul", { class: "bars" }, all.map(({ month, reports, confirmed, eliminated }) =>
    h("li", {}, h("span", {}, name(month)), h("span", {}, t("figures.month", { n: reports, confirmed, eliminated })), h("meter", { min: 0, max: most, value: reports, "aria-hidden": "true" })))));
}
