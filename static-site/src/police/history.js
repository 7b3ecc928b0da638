// What happened in a case, oldest first, with the words that are still there.
import { h } from "../lib/dom.js";
import { momentText, t } from "../lib/i18n.js";
import { mark } from "./list.js";
import { windowText } from "./windows.js";

/** Kinds of events that have words of their own; a step is known by the status that it leads to. */
const KINDS = ["question", "answer", "recheck", "transfer", "location", "pause", "resume", "sighting_merged", "partner_answer"];

/** @param {any} found */
export function historyOf(found) {
  return h("ol", { class: "timeline" }, found.history.map((/** @type {any} */ each) => h("li", {}, mark(each.to),
    h("strong", {}, KINDS.includes(each.type) ? t(`event.${each.type}`) : t(`status.${each.to}`)),
    h("small", {}, `${momentText(each.at)}${each.by ? ` · ${t(`by.${each.by}`)}` : ""}`),
    each.reason && h("p", {}, t(`reason.${each.reason}`)),
    each.addressee && h("p", {}, t(each.by === "partner" ? "case.answered_by" : "case.passed_to", { name: each.addressee.name ?? each.addressee.partner })),
    each.addressee?.note && h("p", { class: "note" }, h("span", { class: "hint" }, t("case.brief")), " ", each.addressee.note),
    each.whose && h("p", {}, t("case.whose", { name: each.whose })),
    each.unit_to && h("p", {}, t("case.moved", { from: each.unit_from?.short ?? "", to: each.unit_to.short })),
    each.checked?.length > 0 && h("p", {}, t("case.looked", { when: each.checked.map(windowText).join("; ") })),
    each.until && h("p", {}, t("case.until", { when: momentText(each.until) })),
    each.text && h("blockquote", { class: each.by === "reporter" ? "words own" : "words" }, each.text),
    each.note && h("p", { class: "note" }, h("span", { class: "hint" }, t("case.note")), " ", each.note))));
}
