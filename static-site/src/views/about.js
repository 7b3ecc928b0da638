import { backToMap, fill, focusOn, h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { setSheet } from "../panel/sheet.js";

/** @param {string} key */
function part(key) {
  return [h("h2", {}, t(`about.${key}_title`)), h("p", {}, t(`about.${key}`))];
}

/** @param {HTMLElement} body @param {HTMLElement} foot */
export function drawAbout(body, foot) {
  setSheet("full");
  fill(body, h("article", { class: "prose" },
    backToMap(t("report.leave")), h("h1", {}, t("about.title")), h("p", {}, t("app.lead")),
    part("what"), part("who"), part("place"), part("limits"), part("keys"), part("sources")));
  fill(foot);
  focusOn(body.querySelector("h1"));
}
