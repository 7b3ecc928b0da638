// The panel of filters: period, area, status, kind. What is set lives in the address, so that a link shows the same.
import { h, icon } from "../lib/dom.js";
import { nameOf, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { STATUSES, NOTHING, statusMark, toggled } from "../panel/filters.js";
import { areasAndUnits } from "./region.js";

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

/** One area or the area of one unit, from a list; nothing is offered where nothing was published. */
function areaChoice() {
  const { area, unit } = state.route;
  const select = h("select", { id: "filter-area", onchange: () => {
    const [kind, code] = select.value.split(":");
    state.go({ area: kind === "area" ? code : null, unit: kind === "unit" ? code : null }, { replace: true });
  } }, h("option", { value: "" }, t("filter.everywhere")));
  const place = h("fieldset", { hidden: true }, h("legend", {}, h("label", { for: "filter-area" }, t("filter.area"))), select, h("p", { class: "hint below" }, t("filter.area_hint")));
  areasAndUnits().then(({ regions, areas, units }) => {
    const chosen = area !== null ? `area:${area}` : unit !== null ? `unit:${unit}` : "";
    /** @param {string} label @param {"area" | "unit"} kind @param {{ code: string, name: string }[]} members */
    const group = (label, kind, members) => members.length > 0 && h("optgroup", { label }, members.map(({ code, name }) =>
      h("option", { value: `${kind}:${code}`, selected: chosen === `${kind}:${code}` }, name)));
    for (const part of [group(t("filter.regions"), "area", regions), group(t("filter.areas"), "area", areas), group(t("filter.units"), "unit", units)]) if (part) select.append(part);
    place.hidden = false;
  }, () => {});
  return place;
}

/** @param {() => void} done @param {() => void} again draws the panel anew */
export function filterPanel(done, again) {
  return h(
    "div",
    { class: "filters" },
    h("fieldset", { class: "segments" }, h("legend", {}, t("filter.window")), windowChoice("365d"), windowChoice("28d")),
    areaChoice(),
    h("fieldset", {}, h("legend", {}, t("filter.status")), h("p", { class: "hint" }, t("filter.status_hint")), STATUSES.map((status) =>
      checkbox(t(`status.${status}`), state.route.statuses.includes(status), (on) =>
        state.go({ statuses: toggled(state.route.statuses, status, on) }, { replace: true }), statusMark(status)))),
    categoryGroups(),
    h("div", { class: "row stick" },
      h("button", { type: "button", class: "button", onclick: () => { state.go(NOTHING, { replace: true }); again(); } }, t("filter.clear")),
      h("button", { type: "button", class: "button primary", onclick: done }, t("filter.show"))),
  );
}
