// The answer to an accepted report. The code is shown once: it can be copied, printed and saved, and nobody can look
// it up later.
import { h, icon } from "../lib/dom.js";
import { momentText, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { categoryName } from "../panel/browse.js";

/**
 * @typedef {{ id: string, receipt: string, status: string, category: string, unit: { code: string, name: string },
 *   created_at: string, tier: number, due: { take_up: string, verify: string } }} Accepted
 */

/** @param {string} receipt @returns {string} the whole link; the code stands in the fragment and reaches no server */
export function followLink(receipt) {
  return `${location.origin}${location.pathname}#/follow?receipt=${encodeURIComponent(receipt)}`;
}

/** @param {string} text @param {HTMLElement} answer */
async function copy(text, answer) {
  try {
    await navigator.clipboard.writeText(text);
    answer.textContent = t("receipt.copied");
  } catch {
    answer.textContent = t("receipt.not_copied");
  }
}

/** @param {Accepted} accepted */
function save(accepted) {
  const lines = [
    t("receipt.file_title"), "", `${t("receipt.code")}: ${accepted.receipt}`, `${t("receipt.link")}: ${followLink(accepted.receipt)}`,
    `${t("receipt.category")}: ${categoryName(accepted.category)}`, `${t("receipt.sent")}: ${momentText(accepted.created_at)}`,
    `${t("receipt.unit")}: ${accepted.unit.name}`,
  ];
  const address = URL.createObjectURL(new Blob([`${lines.join("\r\n")}\r\n`], { type: "text/plain" }));
  h("a", { href: address, download: t("receipt.file_name") }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** When the report shows on the map, if it does. @param {Accepted} accepted */
function publicity({ category: code, tier }) {
  const category = state.category(code);
  if (tier === 2 && category?.sensitivity !== "hidden") return "held";
  return category?.public_after_confirmation ? "confirmed" : (category?.sensitivity ?? "ordinary");
}

/** @param {Accepted} accepted */
export function receiptView(accepted) {
  const answer = h("span", { class: "hint", role: "status" });
  return h("article", { class: "receipt" },
    h("h1", {}, icon("check", "icon large good"), t("receipt.title")),
    h("p", {}, t("receipt.who", { unit: accepted.unit.name, when: momentText(accepted.due.take_up) })),
    h("div", { class: "ticket" },
      h("p", {}, t("receipt.code")),
      h("p", { class: "code", id: "receipt-code", translate: "no" }, accepted.receipt),
      h("p", { class: "hint" }, t("receipt.only_here"))),
    h("div", { class: "row no-print" },
      h("button", { type: "button", class: "button", onclick: () => void copy(accepted.receipt, answer) }, icon("copy"), t("receipt.copy")),
      h("button", { type: "button", class: "button", onclick: () => void copy(followLink(accepted.receipt), answer) }, icon("link"), t("receipt.copy_link")),
      h("button", { type: "button", class: "button", onclick: () => window.print() }, icon("printer"), t("receipt.print")),
      h("button", { type: "button", class: "button", onclick: () => save(accepted) }, icon("download"), t("receipt.save")), answer),
    h("dl", { class: "facts" },
      h("dt", {}, t("receipt.category")), h("dd", {}, categoryName(accepted.category)),
      h("dt", {}, t("receipt.sent")), h("dd", {}, momentText(accepted.created_at)),
      h("dt", {}, t("receipt.unit")), h("dd", {}, accepted.unit.name)),
    h("p", {}, t(`receipt.map_${publicity(accepted)}`)));
}
