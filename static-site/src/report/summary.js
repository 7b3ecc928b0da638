import { fill, h, icon } from "../lib/dom.js";
import { momentText, nameOf, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { nearbyName } from "../panel/browse.js";
import { draft } from "./draft.js";
import { whenText } from "./when.js";

/** @typedef {import("../lib/api.js").Refusal} Refusal */

/** The step that asks for a field of the API's body. @type {Record<string, string>} */
const STEP_OF = {
  category: "what", lat: "where", lon: "where", location: "where", occurred_at: "when", pattern: "when", description: "text",
};

/** @param {string} step @param {string} label @param {...(Node | string)} value */
function line(step, label, ...value) {
  return h("div", { class: "answer" },
    h("dt", {}, label), h("dd", {}, value),
    h("dd", {}, h("a", { href: `#/report/${step}`, class: "change" }, t("summary.change"), h("span", { class: "hidden" }, ` ${label}`))));
}

export function summary() {
  const category = state.category(draft.category ?? "");
  const place = nearbyName(draft.lat ?? 0, draft.lon ?? 0);
  return [
    h("dl", { class: "answers" },
      line("what", t("step.what"), category ? nameOf(category.names) : ""),
      line("where", t("step.where"), place ? t("place.near", { place }) : "", h("small", {}, `${draft.lat?.toFixed(5)}, ${draft.lon?.toFixed(5)}`)),
      line("when", t("step.when"), whenText()),
      line("text", t("step.text"), draft.description.trim() || t("summary.no_text"))),
    h("p", { class: "hint" }, t("summary.next", { n: category?.take_up_days ?? 3 })),
    h("p", { class: "hint" }, t("summary.honest")),
  ];
}

/** What a refusal means and what to do, in plain words. @param {Refusal} refusal */
function words({ code, detail, title, resets_at }) {
  if (code === "offline") return t("refusal.offline");
  if (code === "quota_used") return t("refusal.quota_used", { when: resets_at ? momentText(resets_at) : t("refusal.after_midnight") });
  if (code === "outside_country") return t("where.outside");
  if (code === "category_withdrawn") return t("refusal.category_withdrawn");
  if (code === "unavailable") return t("refusal.unavailable");
  return detail || title || t("refusal.unavailable");
}

/** @param {string} code @returns {string | null} the one step that can mend it */
function mendingStep(code) {
  return { outside_country: "where", category_withdrawn: "what" }[code] ?? null;
}

/** @param {HTMLElement} place @param {Refusal} refusal */
export function showRefusal(place, refusal) {
  const step = mendingStep(refusal.code);
  fill(place,
    icon("triangle-alert"),
    h("div", {},
      h("p", {}, h("strong", {}, words(refusal))),
      refusal.errors.length > 0 && h("ul", {}, refusal.errors.map(({ field, message }) => {
        const target = STEP_OF[field.split(".")[0]];
        return h("li", {}, target ? h("a", { href: `#/report/${target}` }, message) : message);
      })),
      step && h("p", {}, h("a", { href: `#/report/${step}` }, t("summary.change"))),
      h("p", {}, t("refusal.kept"))));
  place.hidden = false;
}
