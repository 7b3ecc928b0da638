// What is shown: area, kind, months, and what it is compared with. Plain selects: they work with any key, finger and reader.
import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { complete, monthAt, ordinal } from "./months.js";
import { ALL, COUNTRY } from "./route.js";
import { areaName, categoryName, monthText } from "./words.js";

/** @typedef {import("./load.js").Area} Area */
/** @typedef {import("./route.js").Route} Route */
/** @typedef {import("./months.js").Span} Span */
/** @typedef {import("../lib/state.js").Config} Config */

const LENGTHS = [12, 24, 36, 60];

/** @param {string} id @param {string} label @param {{ value: string, text: string, group?: string }[]} options @param {string} chosen @param {(value: string) => void} change */
function choice(id, label, options, chosen, change) {
  const select = h("select", { id, onchange: () => change(select.value) });
  /** @type {Map<string, HTMLElement>} */
  const groups = new Map();
  for (const { value, text, group } of options) {
    const option = h("option", { value, selected: value === chosen }, text);
    if (group === undefined) select.append(option);
    else {
      if (!groups.has(group)) {
        groups.set(group, h("optgroup", { label: group }));
        select.append(/** @type {HTMLElement} */ (groups.get(group)));
      }
      groups.get(group)?.append(option);
    }
  }
  return h("div", { class: `control control-${id}` }, h("label", { for: id }, label), select);
}

/** One select for each level that leads down to an area. @param {string} prefix @param {Area[]} chain country first @param {Config} config @param {(area: string) => void} change */
function areaChoices(prefix, chain, config, change) {
  return chain.filter(({ children }) => children.length > 0).map((area, depth) => choice(`${prefix}-${depth}`, t(depth === 0 ? "dane.area" : "dane.inside"),
    [{ value: area.area, text: depth === 0 ? areaName(area, config) : t("dane.whole") }, ...sorted(area.children.map((child) => ({ value: child.area, text: child.name })))],
    chain[depth + 1]?.area ?? area.area, change));
}

/** @template {{ text: string }} T @param {T[]} options @returns {T[]} */
function sorted(options) {
  return options.sort((a, b) => a.text.localeCompare(b.text, document.documentElement.lang));
}

/**
 * @param {{ route: Route, config: Config, chain: Area[], otherChain: Area[], span: Span, guarded: boolean, go: (change: Partial<Route>) => void }} parts
 * @returns {HTMLElement}
 */
export function controls({ route, config, chain, otherChain, span, guarded, go }) {
  const area = chain[chain.length - 1];
  const kinds = (/** @type {boolean} */ guarded) => sorted(config.catalogue.categories.filter(({ sensitivity }) => (sensitivity === "ordinary") !== guarded)
    .map(({ code }) => ({ value: code, text: categoryName(code, config), group: t(guarded ? "dane.guarded" : "dane.ordinary") })));
  return h("form", { class: "controls", "aria-label": t("dane.controls"), onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
    h("div", { class: "control-row" }, areaChoices("area", chain, config, (code) => go({ area: code })),
      choice("kind", t("dane.kind"), [{ value: ALL, text: t("dane.all") }, ...kinds(false), ...kinds(true)], route.category, (category) => go({ category })),
      // Guarded kinds have periods of their own.
      !guarded && months(area, span, go), !guarded && comparison(route, chain, span, config, go)),
    !guarded && comparedWith(route, area, otherChain, span, config, go));
}

/** @param {Area} area @param {Span} span @param {(change: Partial<Route>) => void} go */
function months({ months: all, through }, span, go) {
  const { whole, begun } = complete(all, through);
  const length = span.last - span.first + 1;
  const preset = span.last === Math.max(0, whole - 1) && LENGTHS.includes(length) ? String(length) : "own";
  const options = LENGTHS.filter((n) => n <= Math.max(12, whole)).map((n) => ({ value: String(n), text: t("dane.months", { n }) }));
  const listed = all.slice(0, whole + (begun ? 1 : 0)).map((month, at) => ({ value: month, text: begun && at === whole ? t("dane.so_far", { month: monthText(month) }) : monthText(month) })).reverse();
  const select = choice("span", t("dane.span"), [...options, { value: "own", text: t("dane.own") }], preset, (value) => {
    if (value === "own") go({ from: all[span.first], to: all[Math.min(span.last + (begun ? 1 : 0), all.length - 1)] });
    else go({ from: value === "12" ? null : monthAt(ordinal(all[Math.max(0, whole - 1)]) - Number(value) + 1), to: null });
  });
  if (preset !== "own") return select;
  return [select, choice("from", t("dane.from"), listed, all[span.first], (from) => go({ from, to: all[span.last] })), choice("to", t("dane.to"), listed, all[span.last], (to) => go({ from: all[span.first], to }))];
}

/** Where a year earlier and the months just before begin, if they are there. @param {Area} area @param {Span} span */
function starts({ months: all }, span) {
  const length = span.last - span.first + 1;
  const year = span.first - 12 >= 0 ? all[span.first - 12] : null;
  const before = span.first - length >= 0 ? all[span.first - length] : null;
  return { year, before: before === year ? null : before };
}

/** @param {Route} route @param {Area[]} chain @param {Span} span @param {Config} config @param {(change: Partial<Route>) => void} go */
function comparison(route, chain, span, config, go) {
  const area = chain[chain.length - 1];
  const { year, before } = starts(area, span);
  const { other } = route;
  const chosen = other === null ? "" : "area" in other ? (other.area === COUNTRY ? COUNTRY : "area") : other.from === year ? "year" : other.from === before ? "before" : "period";
  const options = [{ value: "", text: t("dane.nothing") }, ...(year ? [{ value: "year", text: t("dane.year_before") }] : []), ...(before ? [{ value: "before", text: t("dane.before") }] : []),
    { value: "period", text: t("dane.other_period") }, ...(area.area === COUNTRY ? [] : [{ value: COUNTRY, text: areaName({ area: COUNTRY, name: "" }, config) }]), { value: "area", text: t("dane.other_area") }];
  return choice("with", t("dane.with"), options, chosen, (value) => {
    if (value === "") go({ other: null });
    else if (value === "year" && year) go({ other: { from: year } });
    else if (value === "before" && before) go({ other: { from: before } });
    else if (value === "period") go({ other: { from: area.months[Math.max(0, span.first - 1)] } });
    else if (value === COUNTRY) go({ other: { area: COUNTRY } });
    else go({ other: { area: neighbour(chain) } });
  });
}

/** A first area to compare with: the one around it, else one beside it, else one in it. @param {Area[]} chain */
function neighbour(chain) {
  if (chain.length > 2) return chain[chain.length - 2].area;
  const area = chain[chain.length - 1].area;
  return chain[0].children.find((child) => child.area !== area)?.area ?? COUNTRY;
}

/** @param {Route} route @param {Area} area @param {Area[]} otherChain @param {Span} span @param {Config} config @param {(change: Partial<Route>) => void} go */
function comparedWith(route, area, otherChain, span, config, go) {
  const { other } = route;
  if (other === null) return null;
  if ("area" in other) return other.area === COUNTRY ? null : h("div", { class: "control-row second" }, areaChoices("other", otherChain, config, (code) => go({ other: { area: code } })));
  const { year, before } = starts(area, span);
  if (other.from === year || other.from === before) return null;
  const length = span.last - span.first + 1;
  const possible = area.months.slice(0, Math.max(1, area.months.length - length + 1)).map((month) => ({ value: month, text: monthText(month) })).reverse();
  return h("div", { class: "control-row second" }, choice("other-from", t("dane.other_from"), possible, other.from, (from) => go({ other: { from } })));
}
