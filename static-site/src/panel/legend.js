import { h } from "../lib/dom.js";
import { number, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { STATUSES, statusMark } from "./filters.js";

/** @param {[number, number]} range */
function rangeText(range) {
  return range[0] === range[1] ? number(range[0]) : `${number(range[0])}–${number(range[1])}`;
}

/** Classes with their counts in this view, and the symbols of the statuses. */
export function legend() {
  const { ranges } = state.shown;
  return h("details", { class: "legend" },
    h("summary", {}, t("legend.title"), h("span", { class: "ramp", "aria-hidden": "true" }, [1, 2, 3, 4, 5].map((level) => h("i", { class: `level-${level}` })))),
    h("p", {}, t("legend.hexes")),
    h("ul", { class: "classes" }, [1, 2, 3, 4, 5].map((level) => ranges[level - 1] &&
      h("li", {}, h("span", { class: `swatch level-${level}`, "aria-hidden": "true" }), rangeText(ranges[level - 1])))),
    h("p", {}, t("legend.points")),
    h("ul", { class: "statuses" }, STATUSES.map((status) => h("li", {}, statusMark(status), t(`status.${status}`)))));
}
