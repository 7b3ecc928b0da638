// The charts of what was reported: by month, by kind, by area, and when.
import { h } from "../lib/dom.js";
import { number, t, weekday } from "../lib/i18n.js";
import { PARTS, strongest, weekGrid } from "../shared/week.js";
import { bars } from "./bars.js";
import { card } from "./card.js";
import { change, comparable, sum } from "./numbers.js";
import { complete } from "./months.js";
import { plotMonths } from "./plot.js";
import { ALL, formatRoute } from "./route.js";
import { fileName, series, STATUSES, total } from "./view.js";
import { areaName, categoryName, dayShort, decimal, monthText, percent, rate, signedPercent } from "./words.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Side} Side */
/** @typedef {import("./card.js").Value} Value */

/** @param {number} now @param {number} before @param {string} [key] @returns {string} what a change means: a number alone would look like one where there is none */
export function changeText(now, before, key = "dane.change") {
  const { change: part, sure } = change(now, before);
  if (!sure) return t(`${key}_chance`);
  // From nothing there is no per cent.
  if (part === null) return t(`${key}_new`);
  return t(part > 0 ? `${key}_more` : `${key}_fewer`, { change: signedPercent(part) });
}

/** @param {View} view */
export function monthsCard(view) {
  const { a, b, mode, category, perHead, source } = view;
  const { months, through } = a.area;
  const { whole, begun } = complete(months, through);
  // A month that has begun is shown behind the last whole one, but never added to it.
  const appended = begun && mode !== "period" && a.span.last === whole - 1;
  const wide = (/** @type {Side} */ side) => ({ ...side, span: appended ? { ...side.span, last: side.span.last + 1 } : side.span });
  const shown = months.slice(a.span.first, a.span.last + 1 + (appended ? 1 : 0));
  const counts = { a: series(wide(a), category), b: b && series(wide(b), category) };
  const drawn = { a: counts.a, b: counts.b };
  if (mode === "area" && b) {
    const scaled = (/** @type {Side} */ side) => {
      const own = series(side, category);
      const all = series(wide(side), category);
      // Without a mean of whole months there is nothing to measure the rest of one by.
      return perHead || !appended ? comparable(all, side.area.population, perHead) : [...comparable(own, null, false), sum(own) === 0 ? 0 : (all[all.length - 1] / (sum(own) / own.length)) * 100];
    };
    Object.assign(drawn, { a: scaled(a), b: scaled(b) });
  }
  const format = (/** @type {number} */ value) => (mode === "area" ? (perHead ? rate(value) : `${decimal(value, 0)}%`) : number(value));
  const own = series(a, category);
  const most = own.indexOf(Math.max(...own));
  const [now, before] = [sum(own), b ? total(b, category) : 0];
  const finding = now === 0 && before === 0 ? t("dane.none_here")
    : mode === "period" && b ? `${t("dane.both", { now, before, name: b.name })} ${changeText(now, before)}`
      : mode === "area" && b ? t(perHead ? "dane.both_heads" : "dane.both_areas", { name: a.name, other: b.name, now: perHead ? rate((now * 1000) / (a.area.population ?? 1)) : number(now), before: perHead ? rate((before * 1000) / (b.area.population ?? 1)) : number(before) })
        : t("dane.peak", { month: monthText(months[a.span.first + most]), n: own[most], mean: decimal(now / own.length, now < 100 * own.length ? 1 : 0) });
  const notes = [begun && (appended || a.span.last >= whole) && t(appended ? "dane.begun_apart" : "dane.begun_within", { month: monthText(months[whole]), day: dayShort(through) }), mode === "area" && t(perHead ? "dane.axis_heads" : "dane.axis_mean")];
  const rows = (/** @type {Side} */ side) => side.area.months.slice(side.span.first, side.span.last + 1).map((month, at) => [side.area.area, areaName(side.area, view.config), category, month, ...["reports", ...STATUSES].map((what) => series(side, category, /** @type {"reports"} */ (what))[at])]);
  return card({
    id: "by-month", title: t("dane.by_month"), finding, note: notes.filter(Boolean).join(" "), wide: true, file: fileName(view, "months"), source,
    content: plotMonths({
      kind: "columns", months: shown, a: drawn.a, b: drawn.b, bMonths: mode === "period" && b ? b.area.months.slice(b.span.first, b.span.last + 1) : null, begun: begun && (appended || a.span.last >= whole),
      names: b ? [a.name, b.name] : [t("dane.reports")], format, whole: mode !== "area", title: t("dane.by_month"), summary: finding, readLabel: t("dane.read", { title: t("dane.by_month") }), missing: t("dane.unknown"),
    }),
    table: {
      columns: [{ code: "month", label: t("dane.month"), text: monthText }, { code: "area", label: null }, { code: "name", label: b ? t("dane.area") : null }, { code: "category", label: null },
        { code: "reports", label: t("dane.reports"), text: number }, ...STATUSES.map((status) => ({ code: status, label: t(`dane.${status}`), text: number }))],
      rows: (b ? [...rows(wide(a)), ...rows(wide(b))] : rows(wide(a))).map(([area, name, kind, month, ...rest]) => /** @type {Value[]} */ ([month, area, name, kind, ...rest])),
    },
  });
}

/** @param {View} view */
export function kindsCard(view) {
  const { a, b, mode, config, route, source } = view;
  const codes = config.catalogue.categories.filter(({ sensitivity }) => sensitivity === "ordinary").map(({ code }) => code);
  const totals = { a: total(a, ALL) || 1, b: b ? total(b, ALL) || 1 : 1 };
  const found = codes.map((code) => ({ code, now: total(a, code), before: b ? total(b, code) : 0 })).filter(({ now, before }) => now + before > 0).sort((x, y) => y.now - x.now || y.before - x.before);
  if (found.length === 0) return null;
  const shares = mode === "area";
  const rows = found.map(({ code, now, before }) => ({
    name: categoryName(code, config), icon: config.catalogue.categories.find((each) => each.code === code)?.icon, current: route.category === code,
    href: formatRoute({ ...route, category: route.category === code ? ALL : code }), a: shares ? now / totals.a : now, b: b ? (shares ? before / totals.b : before) : null,
    text: shares ? percent(now / totals.a) : number(now), second: b ? (shares ? percent(before / totals.b) : number(before)) : percent(now / totals.a),
  }));
  return card({
    id: "by-kind", title: t("dane.by_kind"), finding: t("dane.kind_most", { name: rows[0].name, share: percent(found[0].now / totals.a) }), note: t(shares ? "dane.kind_shares" : "dane.kind_hint"), file: fileName(view, "categories"), source,
    content: h("div", {}, keys(view), bars(rows, { label: t("dane.by_kind"), more: t("dane.more", { n: rows.length }) })),
    table: {
      columns: [{ code: "category", label: t("dane.kind"), text: (code) => categoryName(code, config) }, { code: "reports", label: a.name, text: number }, ...(b ? [{ code: "compared", label: b.name, text: number }] : [])],
      rows: found.map(({ code, now, before }) => (b ? [code, now, before] : [code, now])),
    },
  });
}

/** @param {View} view */
export function keys({ a, b }) {
  return b && h("p", { class: "plot-read" }, [a, b].map(({ name }, index) => h("span", { class: "key" }, h("i", { class: `key-${"ab"[index]} flat` }), name)));
}

/** @param {View} view */
export function areasCard(view) {
  const { a: { area }, route, source } = view;
  if (area.children.length === 0) return null;
  const found = [...area.children].sort((x, y) => y.reports_365d - x.reports_365d);
  const known = found.every(({ per_1000 }) => per_1000 !== null);
  const rows = found.map((child) => ({
    name: child.name, href: formatRoute({ ...route, area: child.area, other: route.other && "area" in route.other ? null : route.other }), a: child.reports_365d, text: number(child.reports_365d),
    second: known ? t("dane.per_heads", { n: rate(child.per_1000 ?? 0) }) : changeText(child.reports_365d, child.previous_365d, "dane.short"),
  }));
  return card({
    id: "by-area", title: t("dane.by_area"), finding: t("dane.area_most", { name: rows[0].name, n: rows[0].a }), note: t("dane.area_hint"), file: `areas-${area.area}-365d`, source,
    content: bars(rows, { label: t("dane.by_area"), more: t("dane.more", { n: rows.length }) }),
    table: {
      columns: [{ code: "area", label: null }, { code: "name", label: t("dane.area") }, { code: "reports_365d", label: t("dane.last_year"), text: number }, { code: "previous_365d", label: t("dane.year_before_it"), text: number }, { code: "per_1000", label: known ? t("dane.per_1000") : null, text: rate }],
      rows: found.map((child) => [child.area, child.name, child.reports_365d, child.previous_365d, child.per_1000]),
    },
  });
}

/** @param {View} view */
export function patternCard(view) {
  const { a, b, mode, category, source } = view;
  const sides = [a, ...(mode === "area" && b ? [b] : [])].map((side) => ({ side, rows: side.area.pattern[category] })).filter(({ rows }) => rows && rows.flat().some((value) => value > 0));
  if (sides.length === 0) return null;
  const best = strongest(sides[0].rows);
  const all = sum(sides[0].rows.flat());
  return card({
    id: "by-week", title: t("dane.by_week"), finding: t("dane.week_most", { day: weekday(best.day + 1, "long"), part: t(`week.${PARTS[best.part]}`), share: percent(best.value / all) }), note: t("dane.week_hint"), file: fileName(view, "week"), source, plain: true,
    content: h("div", { class: "weeks" }, sides.map(({ side, rows }) => weekGrid(rows, mode === "area" ? side.name : t("dane.week_caption", { n: all })))),
    table: { columns: ["area", "category", "weekday", "part", "reports"].map((code) => ({ code, label: null })), rows: sides.flatMap(({ side, rows }) => rows.flatMap((row, day) => row.map((value, part) => [side.area.area, category, day + 1, PARTS[part], value]))) },
  });
}
