// Which filters of map and list are set. They live in the address, so that a link shows the same.
import { h, icon } from "../lib/dom.js";
import { nameOf, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";

export const STATUSES = ["new", "verifying", "confirmed", "passed_on", "unconfirmed", "eliminated"];

/** What no filter is. @type {Partial<import("../lib/route.js").Route>} */
export const NOTHING = { categories: [], statuses: [], window: "365d", area: null, unit: null };

/** @param {string} status @returns {HTMLElement} the symbol of the map, in the list */
export function statusMark(status) {
  return h("span", { class: `mark mark-${status}`, "aria-hidden": "true" });
}

/** How many filters are set. */
export function filterCount() {
  const { categories, statuses, window, area, unit } = state.route;
  return categories.length + statuses.length + (window === "28d" ? 1 : 0) + (area || unit ? 1 : 0);
}

/** @param {string[]} list @param {string} item @param {boolean} on */
export function toggled(list, item, on) {
  return on ? [...list, item] : list.filter((other) => other !== item);
}

/** Filters that are set, as chips that take themselves away. @param {() => void} open */
export function filterChips(open) {
  const { categories, statuses, window, area, unit } = state.route;
  /** @param {string} text @param {Partial<import("../lib/route.js").Route>} without */
  const chip = (text, without) =>
    h("button", { type: "button", class: "chip", onclick: () => state.go(without, { replace: true }), "aria-label": t("filter.remove", { name: text }) }, text, icon("x"));
  return h(
    "div",
    { class: "chips" },
    h("button", { type: "button", class: "chip outline", onclick: open }, icon("sliders-horizontal"), t("filter.open")),
    window === "28d" && chip(t("window.28d"), { window: "365d" }),
    (area || unit) && chip(state.map?.region.found?.name ?? `${area ?? unit}`, { area: null, unit: null }),
    statuses.map((status) => chip(t(`status.${status}`), { statuses: toggled(statuses, status, false) })),
    categories.map((code) => {
      const category = state.category(code);
      return chip(category ? nameOf(category.names) : code, { categories: toggled(categories, code, false) });
    }),
  );
}
