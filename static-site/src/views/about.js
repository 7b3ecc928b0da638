import { backToMap, fill, focusOn, h } from "../lib/dom.js";
import { language, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { setSheet } from "../panel/sheet.js";

/** @param {string} key */
function part(key) {
  return [h("h2", {}, t(`about.${key}_title`)), h("p", {}, t(`about.${key}`))];
}

/** Pages that are read without the map, in the language of this one. */
function more() {
  const pages = [["", t("about.start")], ["rules/", t("about.rules")], ["developers/", t("about.developers")]];
  if (state.config.declaration) pages.push(["accessibility/", t("about.accessibility")]);
  return [h("h2", {}, t("about.more_title")), h("ul", { class: "links" }, pages.map(([path, name]) => h("li", {}, h("a", { href: `/info/${language()}/${path}` }, name))))];
}

/** @param {HTMLElement} body @param {HTMLElement} foot */
export function drawAbout(body, foot) {
  setSheet("full");
  fill(body, h("article", { class: "prose" },
    backToMap(t("report.leave")), h("h1", {}, t("about.title")), h("p", {}, t("app.lead")),
    part("what"), part("who"), part("place"), part("limits"), part("keys"), part("sources"), more()));
  fill(foot);
  focusOn(body.querySelector("h1"));
}
