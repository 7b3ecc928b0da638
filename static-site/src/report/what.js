import { folded } from "../data/places.js";
import { fill, h, icon } from "../lib/dom.js";
import { nameOf, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { today } from "../lib/time.js";
import { change, draft } from "./draft.js";

/** @typedef {import("../lib/state.js").Category} Category */

/** Categories that may be reported today. @returns {Category[]} */
export function openCategories() {
  const day = today(new Date(), state.config.zone);
  return state.config.catalogue.categories.filter(
    ({ valid_from, valid_to }) => (!valid_from || valid_from <= day) && (!valid_to || valid_to >= day),
  );
}

/** @param {Category} category @param {() => void} next */
function choice(category, next) {
  let pointed = false;
  const input = h("input", {
    type: "radio", name: "category", value: category.code, checked: draft.category === category.code,
    onclick: () => {
      change({ category: category.code });
      // A tap answers the question; with the keyboard the arrows only walk through the answers.
      if (pointed) next();
      pointed = false;
    },
  });
  return h("label", { class: "option", onpointerdown: () => { pointed = true; } }, input, icon(category.icon), h("span", {}, nameOf(category.names)));
}

/** @param {() => void} next */
export function what(next) {
  const open = openCategories();
  const common = state.config.common.map((code) => open.find((category) => category.code === code)).filter((item) => item !== undefined);
  const rest = open.filter((category) => !common.includes(category));
  const lists = h("div", { class: "options" });
  const search = h("input", {
    id: "category-search", type: "search", autocomplete: "off", placeholder: t("what.search_placeholder"), oninput: () => draw(),
  });

  function draw() {
    const wanted = folded(search.value);
    if (wanted !== "") {
      const found = open.filter((category) => folded(`${Object.values(category.names).join(" ")}`).includes(wanted));
      fill(lists, found.length > 0 ? found.map((category) => choice(category, next)) : h("p", { role: "status" }, t("what.none")));
      return;
    }
    fill(lists,
      common.length > 0 && h("div", { class: "common" }, common.map((category) => choice(category, next))),
      state.config.catalogue.groups.map((group) => {
        const members = rest.filter((category) => category.group === group.code);
        return members.length > 0 && h("div", { class: "group" }, h("h2", {}, nameOf(group.names)), members.map((category) => choice(category, next)));
      }));
  }
  draw();
  return [
    h("div", { class: "field-frame" }, icon("search"), h("label", { for: "category-search", class: "hidden" }, t("what.search")), search),
    h("fieldset", { class: "plain" }, h("legend", { class: "hidden" }, t("step.what")), lists),
  ];
}

export function whatMissing() {
  return openCategories().some(({ code }) => code === draft.category) ? null : t("what.missing");
}
