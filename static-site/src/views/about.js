import { backToMap, fill, focusOn, h, icon } from "../lib/dom.js";
import { dayText, momentText, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
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

/** @param {HTMLElement} body @param {HTMLElement} foot */
export function drawData(body, foot) {
  setSheet("full");
  const { manifest } = state.published;
  const files = Object.entries(manifest?.exports ?? {});
  fill(body, h("article", { class: "prose" },
    backToMap(t("report.leave")), h("h1", {}, t("data.title")), h("p", {}, t("data.text")),
    manifest ? h("p", { class: "hint" }, t("data.state", { day: dayText(manifest.day), when: momentText(manifest.published_at) })) : h("p", {}, t("data.none")),
    h("ul", { class: "items" }, files.map(([name, url]) =>
      h("li", {}, h("a", { class: "item", href: url, download: "" }, icon("download"), h("span", { class: "grow" }, h("strong", {}, name), h("small", {}, url.split("/").pop() ?? ""))))))));
  fill(foot);
  focusOn(body.querySelector("h1"));
}
