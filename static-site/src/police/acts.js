// What an officer may do with a case as it stands: the steps that the API names, and what the role allows beside them.
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { address } from "./route.js";
import { store } from "./store.js";

/** @typedef {{ kind: "step" | "transfer" | "merge" | "question" | "location" | "pause" | "resume", to?: string, reasons?: string[], needs?: string[] }} Deed */

const SYMBOLS = { verifying: "flag", confirmed: "triangle-alert", unconfirmed: "file-search", eliminated: "check", passed_on: "send", joke: "x",
  transfer: "arrow-left-right", merge: "combine", question: "message-square", location: "map-pin", pause: "pause", resume: "play" };
const OPEN = ["new", "verifying", "confirmed", "passed_on"];

/** @param {Deed} deed */
export function deedName(deed) {
  return t(deed.kind === "step" ? `do.${deed.to}` : `do.${deed.kind}`);
}

/** @param {any} found @returns {Deed[]} the likeliest first */
export function deedsOf(found) {
  /** @type {any[]} */
  const steps = found.partial ? (found.status === "new" ? [{ to: "verifying", reasons: ["taken_up"], needs: [] }] : []) : found.steps;
  /** @type {Deed[]} */
  const deeds = steps.filter(({ to }) => to !== "merged").map((step) => ({ kind: "step", ...step }));
  if (found.partial || !OPEN.includes(found.status)) return deeds;
  if (store.may("ask") && !found.asked) deeds.push({ kind: "question" });
  if (store.may("transfer")) deeds.push({ kind: "transfer" });
  if (store.may("merge") && found.status === "new") deeds.push({ kind: "merge" });
  if (store.may("correct")) deeds.push({ kind: "location" });
  if (store.may("pause") && found.due.at !== null) deeds.push({ kind: found.due.paused ? "resume" : "pause" });
  return deeds;
}

/** @param {any} found @param {(deed: Deed) => void} open */
export function actsOf(found, open) {
  const deeds = deedsOf(found);
  const button = (/** @type {Deed} */ deed, /** @type {number} */ index) =>
    h("button", { type: "button", class: `button${index === 0 ? " primary" : ""}`, "data-act": deed.to ?? deed.kind, onclick: () => open(deed) },
      icon(SYMBOLS[/** @type {keyof typeof SYMBOLS} */ (deed.to ?? deed.kind)] ?? "check"), h("span", { class: "grow" }, deedName(deed)), index < 9 && h("kbd", { "aria-hidden": "true" }, String(index + 1)));
  const [first, ...others] = deeds.map(button);
  const card = !found.partial && h("a", { class: "button", href: address("card", found.id) }, icon("printer"), h("span", { class: "grow" }, t("do.card")));
  const list = h("div", { class: "acts-more", id: "acts-more" }, others, card);
  const more = h("button", { type: "button", class: "button acts-open", "aria-expanded": "false", "aria-controls": "acts-more", onclick: () => {
    const open = list.classList.toggle("open");
    more.setAttribute("aria-expanded", String(open));
  } }, icon("menu"), t("do.more"));
  return h("aside", { class: "acts no-print", "aria-labelledby": "acts-title" }, h("h2", { id: "acts-title" }, t("do.title")), first ?? h("p", { class: "hint" }, t("do.nothing")), more, list);
}
