import { fill, h, icon } from "../lib/dom.js";
import { nameOf, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { loadNames, nearbyName } from "../panel/browse.js";
import { draft } from "./draft.js";
import { worked } from "./send.js";
import { whenText } from "./when.js";

/** @param {string} step @param {string} label @param {...(Node | string)} value */
function line(step, label, ...value) {
  return h("div", { class: "answer" },
    h("dt", {}, label), h("dd", {}, value),
    h("dd", {}, h("a", { href: `#/report/${step}`, class: "change" }, t("summary.change"), h("span", { class: "hidden" }, ` ${label}`))));
}

export function summary() {
  const category = state.category(draft.category ?? "");
  const place = h("span", {}, nearby());
  // A form that was left at its summary is opened before the names are there.
  void loadNames().then(() => fill(place, nearby()));
  return [
    h("dl", { class: "answers" },
      line("what", t("step.what"), category ? nameOf(category.names) : ""),
      line("where", t("step.where"), place, h("small", {}, `${draft.lat?.toFixed(5)}, ${draft.lon?.toFixed(5)}`)),
      line("when", t("step.when"), whenText()),
      line("text", t("step.text"), draft.description.trim() || t("summary.no_text"))),
    h("p", { class: "hint" }, t("summary.next", { n: category?.take_up_days ?? 3 })),
    h("p", { class: "hint" }, t("summary.honest")),
    browserCheck(),
  ];
}

/** The place in words, or nothing before it is known. */
function nearby() {
  const place = nearbyName(draft.lat ?? 0, draft.lon ?? 0);
  return place && t("place.near", { place });
}

/** How far the browser's own work is, in words. */
function browserCheck() {
  const line = h("p", { class: "hint browser-check", role: "status" });
  const slow = setTimeout(() => fill(line, icon("clock"), t("proof.solving")), 300);
  void worked().then((ready) => {
    clearTimeout(slow);
    if (ready) fill(line, icon("check"), t("proof.ready"));
    else fill(line);
  });
  return line;
}
