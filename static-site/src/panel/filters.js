// Filters of map and list. They live in the address, so that a link shows the same.
import { h, icon } from "../lib/dom.js";
import { nameOf, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";

export const STATUSES = ["new", "verifying", "confirmed", "passed_on", "unconfirmed", "eliminated"];

/** @param {string} status @returns {HTMLElement} the symbol of the map, in the list */
export function statusMark(status) {
  return h("span", { class: `mark mark-${status}`, "aria-hidden": "true" });
}

/** How many filters are set. */
export function filterCount() {
  const { categories, statuses, window } = state.route;
  return categories.length + statuses.length + (window === "28d" ? 1 : 0);
}

/** @param {string[]} list @param {string} item @param {boolean} on */
function toggled(list, item, on) {
  return on ? [...list, item] : list.filter((other) => other !== item);
}

/** @param {string} text @param {boolean} checked @param {(on: boolean) => void} change @param {...Node} marks */
function checkbox(text, checked, change, ...marks) {
  const input = h("input", { type: "checkbox", checked, onchange: () => change(input.checked) });
  return h("label", { class: "check" }, input, marks, h("span", {}, text));
}

/** @param {"365d" | "28d"} window */
function windowChoice(window) {
  const input = h("input", {
    type: "radio", name: "window", value: window, checked: state.route.window === window,
    onchange: () => state.go({ window }, { replace: true }),
  });
  return h("label", { class: "segment" }, input, h("span", {}, t(`window.${window}`)));
}

function categoryGroups() {
  const { groups, categories } = state.config.catalogue;
  return groups.map((group) => {
    const members = categories.filter(({ group: code, sensitivity, valid_to }) => code === group.code && sensitivity !== "hidden" && !valid_to);
    if (members.length === 0) return null;
    return h("fieldset", {}, h("legend", {}, nameOf(group.names)), members.map((category) =>
      checkbox(nameOf(category.names), state.route.categories.includes(category.code), (on) =>
        state.go({ categories: toggled(state.route.categories, category.code, on) }, { replace: true }), icon(category.icon))));
  });
}

/** @param {() => void} done @param {() => void} again draws the panel anew */
export function filterPanel(done, again) {
  return h(
    "div",
    { class: "filters" },
    h("fieldset", { class: "segments" }, h("legend", {}, t("filter.window")), windowChoice("365d"), windowChoice("28d")),
    h("fieldset", {}, h("legend", {}, t("filter.status")), h("p", { class: "hint" }, t("filter.status_hint")), STATUSES.map((status) =>
      checkbox(t(`status.${status}`), state.route.statuses.includes(status), (on) =>
        state.go({ statuses: toggled(state.route.statuses, status, on) }, { replace: true }), statusMark(status)))),
    categoryGroups(),
    h("div", { class: "row stick" },
      h("button", { type: "button", class: "button", onclick: () => { state.go({ categories: [], statuses: [], window: "365d" }, { replace: true }); again(); } }, t("filter.clear")),
      h("button", { type: "button", class: "button primary", onclick: done }, t("filter.show"))),
  );
}

/** Filters that are set, as chips that take themselves away. @param {() => void} open */
export function filterChips(open) {
  const { categories, statuses, window } = state.route;
  /** @param {string} text @param {() => void} clear */
  const chip = (text, clear) =>
    h("button", { type: "button", class: "chip", onclick: clear, "aria-label": t("filter.remove", { name: text }) }, text, icon("x"));
  return h(
    "div",
    { class: "chips" },
    h("button", { type: "button", class: "chip outline", onclick: open }, icon("sliders-horizontal"), t("filter.open")),
    window === "28d" && chip(t("window.28d"), () => state.go({ window: "365d" }, { replace: true })),
    statuses.map((status) => chip(t(`status.${status}`), () => state.go({ statuses: toggled(statuses, status, false) }, { replace: true }))),
    categories.map((code) => {
      const category = state.category(code);
      return chip(category ? nameOf(category.names) : code, () => state.go({ categories: toggled(categories, code, false) }, { replace: true }));
    }),
  );
}
