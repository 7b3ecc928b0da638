// What came of the reports: the numbers on top, outcomes, how long it took, and the kinds that are told in steps of five.
import { h } from "../lib/dom.js";
import { number, t } from "../lib/i18n.js";
import { bars } from "./bars.js";
import { card } from "./card.js";
import { changeText, keys } from "./charts.js";
import { sum, verdicts, within } from "./numbers.js";
import { plotMonths } from "./plot.js";
import { ALL, formatRoute } from "./route.js";
import { s } from "./svg.js";
import { fileName, outcomes, STATUSES, total } from "./view.js";
import { categoryName, dayShort, decimal, monthText, percent, rate, spanText } from "./words.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Side} Side */

const MARKS = { confirmed: "confirmed", passed_on: "passed_on", eliminated: "eliminated", unconfirmed: "unconfirmed", open: "verifying" };

/** @param {View} view */
export function tiles(view) {
  const { a, b, mode, category } = view;
  const now = total(a, category);
  const population = a.area.population;
  const { real, decided } = verdicts(outcomes(a, category));
  const response = a.area.response[category];
  const tile = (/** @type {string} */ value, /** @type {string} */ name, /** @type {string | null | false} */ note) => h("li", { class: "tile" }, h("strong", {}, value), h("span", {}, name), note && h("small", {}, note));
  return h("ul", { class: "tiles", "aria-label": t("dane.tiles") },
    tile(number(now), t("dane.tile_reports", { n: now }), b && mode === "period" ? `${b.name}: ${number(total(b, category))}. ${changeText(now, total(b, category))}` : spanText(a.area.months, a.span)),
    population && tile(rate((now * 1000) / population), t("dane.tile_heads"), t("dane.tile_population", { n: population })),
    decided > 0 && tile(percent(real / decided), t("dane.tile_real"), t("dane.tile_decided", { n: decided })),
    response && response.days_median !== null && tile(days(response.days_median), t("dane.tile_days"), t("dane.tile_closed", { n: response.closed })));
}

/** @param {number} value */
function days(value) {
  return t("dane.days", { n: value });
}

/** @param {View} view */
export function outcomesCard(view) {
  const { a, b, category, source } = view;
  const sides = [a, ...(b ? [b] : [])].map((side) => ({ side, of: outcomes(side, category), all: total(side, category) })).filter(({ all }) => all > 0);
  if (sides.length === 0) return null;
  const bar = (/** @type {typeof sides[number]} */ { of, all }) => {
    let start = 0;
    return s("svg", { class: "stack", "aria-hidden": "true" }, ...STATUSES.filter((status) => of[status] > 0).map((status) => {
      const width = (of[status] / all) * 100;
      const rect = s("rect", { class: `stack-${status}`, x: `${start.toFixed(2)}%`, width: `${width.toFixed(2)}%`, height: "100%" });
      start += width;
      return rect;
    }));
  };
  const first = sides[0];
  return card({
    id: "outcomes", title: t("dane.outcomes"), finding: t("dane.outcome_open", { name: first.side.name, share: percent(first.of.open / first.all) }), note: t("dane.outcome_hint"), file: fileName(view, "outcomes"), source, plain: true,
    content: h("div", { class: "outcomes" }, sides.map((each) => h("div", {}, b && h("p", { class: "side" }, each.side.name), bar(each))),
      h("table", { class: "figures-table statuses-table" }, b && h("thead", {}, h("tr", {}, h("td", {}), sides.map(({ side }) => h("th", { scope: "col" }, side.name)))),
        h("tbody", {}, STATUSES.map((status) => h("tr", {}, h("th", { scope: "row" }, h("span", { class: "mark-line" }, h("span", { class: `mark mark-${MARKS[status]}`, "aria-hidden": "true" }), t(`dane.${status}`))),
          sides.map(({ of, all }) => h("td", {}, h("b", {}, number(of[status])), " ", h("small", {}, percent(of[status] / all))))))))),
    table: { columns: [{ code: "area", label: null }, { code: "category", label: null }, { code: "from", label: null }, { code: "to", label: null }, { code: "status", label: null }, { code: "reports", label: null }],
      rows: sides.flatMap(({ side: { area, span }, of }) => STATUSES.map((status) => [area.area, category, area.months[span.first], area.months[span.last], status, of[status]])) },
  });
}

/** @param {View} view */
export function responseCard(view) {
  const { a, b, mode, category, source } = view;
  const found = a.area.response[category];
  if (!found || found.closed === 0) return null;
  const medians = (/** @type {Side} */ { area, span }) => {
    const all = area.response[category]?.months.days_median;
    return area.months.slice(span.first, span.last + 1).map((_, at) => all?.[span.first + at] ?? null);
  };
  // No time and none closed is what the file says of months of which it tells nothing, too.
  const closed = (/** @type {Side} */ { area, span }) => within(area.response[category]?.months.closed, span).map((n) => n || null);
  const [own, other] = [medians(a), b ? medians(b) : null];
  const finding = t("dane.response_text", { half: days(found.days_median ?? 0), most: days(found.days_p90 ?? 0), share: percent(found.within_deadline / found.closed) });
  const nothing = own.every((value) => value === null) && (other ?? []).every((value) => value === null);
  const months = a.area.months.slice(a.span.first, a.span.last + 1);
  const rows = (/** @type {Side} */ side) => medians(side).map((value, at) => [side.area.months[side.span.first + at], side.area.area, category, value, closed(side)[at]]);
  return card({
    id: "response", title: t("dane.response"), finding, note: t("dane.response_hint"), wide: true, file: fileName(view, "response"), source,
    content: nothing ? h("p", {}, t("dane.response_none")) : plotMonths({
      kind: "line", months, a: own, b: other, bMonths: mode === "period" && b ? b.area.months.slice(b.span.first, b.span.last + 1) : null, begun: false, names: b ? [a.name, b.name] : [t("dane.median")],
      format: (value) => decimal(value, 1), whole: true, title: t("dane.response"), summary: finding, readLabel: t("dane.read", { title: t("dane.response") }), missing: t("dane.unknown"),
    }),
    table: { columns: [{ code: "month", label: t("dane.month"), text: monthText }, { code: "area", label: null }, { code: "category", label: null }, { code: "days_median", label: t("dane.median") }, { code: "closed", label: t("dane.closed"), text: number }], rows: b ? [...rows(a), ...rows(b)] : rows(a) },
  });
}

/** @param {View} view */
export function pacesCard(view) {
  const { a, b, mode, config, route, category, source } = view;
  if (category !== ALL) return null;
  const compared = mode === "area" && b ? b : null;
  const found = Object.entries(a.area.response).filter(([code, each]) => code !== ALL && each.closed > 0 && each.days_median !== null).map(([code, each]) => ({ code, ...each })).sort((x, y) => (y.days_median ?? 0) - (x.days_median ?? 0));
  if (found.length < 2) return null;
  const rows = found.map(({ code, days_median, days_p90 }) => {
    const other = compared?.area.response[code]?.days_median ?? null;
    return { name: categoryName(code, config), icon: config.catalogue.categories.find((each) => each.code === code)?.icon, href: formatRoute({ ...route, category: code }), a: days_median ?? 0, b: other, text: days(days_median ?? 0), second: compared ? (other === null ? "–" : days(other)) : t("dane.most_within", { days: days(days_p90 ?? 0) }) };
  });
  return card({
    id: "paces", title: t("dane.paces"), finding: t("dane.pace_slowest", { name: rows[0].name, days: rows[0].text }), note: t("dane.pace_hint"), file: `response-${a.area.area}-365d`, source,
    content: h("div", {}, compared && keys({ ...view, b: compared }), bars(rows, { label: t("dane.paces"), more: t("dane.more", { n: rows.length }) })),
    table: { columns: [{ code: "category", label: t("dane.kind"), text: (code) => categoryName(code, config) }, { code: "closed", label: t("dane.closed"), text: number }, { code: "within_deadline", label: t("dane.in_time"), text: number }, { code: "days_median", label: t("dane.median") }, { code: "days_p90", label: t("dane.p90") }, { code: "open", label: t("dane.open"), text: number }],
      rows: found.map(({ code, closed, within_deadline, days_median, days_p90, open }) => [code, closed, within_deadline, days_median, days_p90, open]) },
  });
}

/** @param {View} view */
export function guardedCard(view) {
  const { a, config, route, category, guarded, source } = view;
  const { periods, categories } = a.area.guarded;
  const codes = (guarded ? [category] : config.catalogue.categories.filter(({ sensitivity }) => sensitivity !== "ordinary").map(({ code }) => code)).filter((code) => categories[code]?.some((n) => n > 0));
  if (codes.length === 0 && !guarded) return null;
  const told = (/** @type {number} */ n) => (n === 0 ? t("dane.fewer") : t("dane.at_least", { n }));
  const rows = guarded ? periods.map(([first, last], at) => ({ name: `${dayShort(first)} – ${dayShort(last)}`, a: categories[category]?.[at] ?? 0, text: told(categories[category]?.[at] ?? 0) })).reverse()
    : codes.map((code) => ({ code, n: sum(categories[code]) })).sort((x, y) => y.n - x.n).map(({ code, n }) => ({ name: categoryName(code, config), icon: config.catalogue.categories.find((each) => each.code === code)?.icon, href: formatRoute({ ...route, category: code }), a: n, text: told(n) }));
  return card({
    id: "guarded", title: guarded ? categoryName(category, config) : t("dane.guarded"), finding: codes.length === 0 ? t("dane.guarded_none") : t("dane.guarded_finding", { n: periods.length }), note: t("dane.guarded_hint"), wide: guarded, file: `guarded-${a.area.area}`, source,
    content: rows.length === 0 || codes.length === 0 ? h("div", {}) : bars(rows, { label: t("dane.guarded"), more: t("dane.more", { n: rows.length }) }),
    table: { columns: [{ code: "category", label: t("dane.kind"), text: (code) => categoryName(code, config) }, { code: "first_day", label: t("dane.first_day"), text: dayShort }, { code: "last_day", label: t("dane.last_day"), text: dayShort }, { code: "at_least", label: t("dane.reports"), text: told }],
      rows: codes.flatMap((code) => periods.map(([first, last], at) => [code, first, last, categories[code][at]])) },
  });
}
