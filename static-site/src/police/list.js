// The unit's queue: what is overdue first, with filters that stand in the address; a table on the desk, cards on the phone.
import { announce, fill, h, icon } from "../lib/dom.js";
import { momentText, nameOf, t } from "../lib/i18n.js";
import { ask } from "./ask.js";
import { bulkBar } from "./bulk.js";
import { dueCell } from "./due.js";
import { address, asked } from "./route.js";
import { store } from "./store.js";

/** @typedef {import("./store.js").Row} Row */
/** @typedef {import("./route.js").Route} Route */

const OPEN = ["new", "verifying", "confirmed", "passed_on"];
const PAGE = 50;

/** @param {string} code */
export function categoryName(code) {
  const category = store.config.catalogue.categories.find((each) => each.code === code);
  return category ? nameOf(category.names) : code;
}

/** @param {string} code */
export function categoryIcon(code) {
  return icon(store.config.catalogue.categories.find((each) => each.code === code)?.icon ?? "flag", "icon category");
}

/** @param {string} status */
export function mark(status) {
  return h("span", { class: `mark mark-${status}`, "aria-hidden": "true" });
}

/** @param {Row} row */
export function placeOf(row) {
  return [row.place, row.area_name].filter((name, index, names) => name && names.indexOf(name) === index).join(", ") || t("case.nowhere");
}

/** Where to go back to from a case. */
export let lastList = "#/cases";

/** @param {HTMLElement} main @param {Route} route @param {() => boolean} current whether this drawing is still wanted */
export async function drawList(main, route, current) {
  lastList = location.hash || "#/cases";
  const as = route.filters.as === "map" ? "map" : "list";
  const place = h("div", { class: "list-body" }, h("p", { class: "loading", role: "status" }, t("console.loading")));
  fill(main, h("div", { class: "list-head" }, h("h1", {}, t("list.title")), views(route, as)), filterBar(route), place);
  const { rows, more, from, cursor } = await load(route);
  if (!current()) return;
  const count = t("list.count", { n: rows.length });
  announce(more ? t("list.first", { n: rows.length }) : count);
  /** @param {Row[]} shown @param {string | null} next */
  const show = async (shown, next) => {
    const late = shown.filter(({ due }) => due.overdue).length;
    const line = h("p", { class: "list-count" }, h("strong", {}, next === null && !more ? t("list.count", { n: shown.length }) : t("list.first", { n: shown.length })),
      late > 0 && h("span", { class: "late-count" }, icon("triangle-alert"), t("list.late", { n: late })),
      from && h("span", { class: "hint" }, t("list.kept", { when: momentText(from) })));
    if (as === "map") {
      fill(place, line);
      const { caseMap } = await import("./map.js");
      if (current()) await caseMap(place, shown);
      return;
    }
    const further = next !== null && h("button", { type: "button", class: "button", onclick: async () => {
      const found = await page(route, next);
      if (found === null) return announce(t("console.offline"));
      const focus = shown.length;
      await show([...shown, ...found.reports], found.cursor);
      /** @type {HTMLElement | undefined} */ (place.querySelectorAll(".row-link")[focus])?.focus();
    } }, t("list.further"));
    const bar = bulkBar(shown, () => void drawList(main, route, current));
    fill(place, line, shown.length === 0 ? empty(route) : table(shown, bar.update), further || null, bar.element);
  };
  await show(rows, cursor);
}

/** @param {Route} route */
function empty(route) {
  const filtered = Object.keys(asked(route.filters)).length > 0;
  return h("div", { class: "notice" }, icon(filtered ? "sliders-horizontal" : "check-check", "icon large"),
    h("h2", {}, t(filtered ? "list.none_filtered" : "list.none")), h("p", {}, t(filtered ? "list.none_filtered_text" : "list.none_text")),
    filtered && h("a", { class: "button", href: "#/cases" }, icon("x"), t("list.clear")));
}

/** @param {Route} route @param {string} [cursor] */
async function page(route, cursor) {
  const query = new URLSearchParams({ ...asked(route.filters), limit: String(PAGE), ...(cursor ? { cursor } : {}) });
  const answer = await ask("GET", `reports?${query}`);
  return answer.ok ? answer.body : null;
}

/** The list as the API gives it, or as it was kept here. @param {Route} route */
async function load(route) {
  const found = await page(route);
  const wanted = asked(route.filters);
  if (found !== null) {
    if (Object.keys(wanted).length === 0) store.keep(found.reports, found.now, found.cursor !== null);
    return { rows: /** @type {Row[]} */ (found.reports), more: false, from: null, cursor: /** @type {string | null} */ (found.cursor) };
  }
  const kept = store.kept;
  const rows = (kept?.rows ?? []).filter((row) =>
    (!wanted.status || row.status === wanted.status) && (!wanted.category || row.category === wanted.category) &&
    (!wanted.priority || String(row.priority) === wanted.priority) && (!wanted.unit || row.unit.code === wanted.unit) &&
    (!wanted.overdue || row.due.overdue) && !wanted.closed);
  return { rows, more: kept?.more ?? false, from: kept?.at ?? null, cursor: null };
}

/** @param {Route} route @param {string} as */
function views(route, as) {
  const link = (/** @type {string} */ way, /** @type {string} */ symbol) =>
    h("a", { class: "segment-link", href: address("cases", "", { ...route.filters, as: way === "map" ? "map" : "" }), "aria-current": way === as ? "page" : null }, icon(symbol), t(`list.as_${way}`));
  return h("nav", { class: "segment-links", "aria-label": t("list.as") }, link("list", "list"), link("map", "map"));
}

/** @param {Route} route */
function filterBar(route) {
  const { filters } = route;
  const go = (/** @type {Record<string, string>} */ change) => {
    location.hash = address("cases", "", { ...filters, ...change });
  };
  /** @param {string} name @param {[string, string][]} options */
  const choice = (name, options) => {
    const select = h("select", { id: `filter-${name}`, "aria-label": t(`filter.by_${name}`), onchange: () => go({ [name]: select.value }) },
      h("option", { value: "" }, t(`filter.any_${name}`)), options.map(([value, text]) => h("option", { value, selected: filters[name] === value }, text)));
    if (filters[name]) select.dataset.on = "true";
    return select;
  };
  const overdue = h("input", { type: "checkbox", checked: filters.overdue === "true", onchange: () => go({ overdue: overdue.checked ? "true" : "" }) });
  const units = store.me?.units ?? [];
  return h("div", { class: "filter-bar", role: "group", "aria-label": t("list.filters") },
    h("label", { class: "filter-check" }, overdue, h("span", {}, t("filter.overdue"))),
    choice("status", OPEN.map((code) => [code, t(`status.${code}`)])),
    choice("category", store.config.catalogue.categories.map(({ code }) => [code, categoryName(code)])),
    choice("priority", ["1", "2", "3"].map((code) => [code, t(`priority.${code}`)])),
    units.length > 1 && choice("unit", units.map(({ code, short }) => [code, short])),
    Object.keys(asked(filters)).length > 0 && h("a", { class: "button quiet", href: address("cases", "", filters.as ? { as: filters.as } : {}) }, icon("x"), t("list.clear")));
}

/** @param {Row[]} rows @param {() => void} chosen */
function table(rows, chosen) {
  const many = new Set(rows.map(({ unit }) => unit.code)).size > 1;
  const heads = ["choose", "due", "what", "status", "seen", ...(many ? ["unit"] : []), "since"];
  return h("table", { class: "queue", role: "table", "aria-label": t("list.title") },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads.map((name) => h("th", { role: "columnheader", scope: "col", class: `col-${name}` }, name === "choose" ? h("span", { class: "hidden" }, t("list.choose_head")) : t(`head.${name}`))))),
    h("tbody", { role: "rowgroup" }, rows.map((row) => line(row, many, chosen))));
}

/** @param {Row} row @param {boolean} many units in the list @param {() => void} chosen */
function line(row, many, chosen) {
  const waiting = store.outbox.filter(({ id }) => id === row.id);
  const name = categoryName(row.category);
  const box = h("input", { type: "checkbox", class: "row-choice", checked: store.chosen.has(row.id), "aria-label": t("list.choose", { name, place: placeOf(row) }), onchange: () => {
    store.chosen[box.checked ? "add" : "delete"](row.id);
    chosen();
  } });
  const cell = (/** @type {string} */ kind, /** @type {import("../lib/dom.js").Child[]} */ ...children) => h("td", { role: "cell", class: `col-${kind}` }, children);
  return h("tr", { role: "row", "data-id": row.id, class: row.due.overdue ? "late" : null },
    cell("choose", row.status === "new" && store.may("take_up") && h("label", { class: "choice-box" }, box)),
    cell("due", dueCell(row)),
    cell("what", categoryIcon(row.category), h("div", {}, h("a", { class: "row-link", href: address("case", row.id) }, name), h("small", {}, placeOf(row)),
      waiting.length > 0 && h("small", { class: `waiting ${waiting[0].state}` }, icon(waiting[0].state === "waiting" ? "cloud-off" : "triangle-alert"), t(`outbox.${waiting[0].state}_row`)))),
    cell("status", h("span", { class: "status-word" }, mark(row.status), t(`status.${row.status}`)), row.priority === 1 && h("span", { class: "urgent" }, t("priority.1"))),
    cell("seen", h("span", { title: t("head.seen_long") }, icon("users"), h("span", { class: "hidden" }, t("head.seen_long")), String(row.sources)),
      row.photos > 0 && h("span", {}, icon("camera"), h("span", { class: "hidden" }, t("head.photos")), String(row.photos)),
      row.asked && h("span", { class: row.answered ? "answered" : null, title: t(row.answered ? "list.answered" : "list.asked") }, icon("message-square"), h("span", { class: "hidden" }, t(row.answered ? "list.answered" : "list.asked")))),
    many && cell("unit", row.unit.short),
    cell("since", momentText(row.created_at)));
}
