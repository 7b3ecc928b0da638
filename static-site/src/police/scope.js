// What the pages about a unit share: whose they are, a sentence where they cannot be shown, and sheets to take away.
import { announce, fill, focusOn, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { askDocument } from "./ask.js";
import { address } from "./route.js";
import { store } from "./store.js";

/** @typedef {import("./route.js").Route} Route */

/** The unit that is looked at: the one of the address, else the officer's own. @param {Route} route @returns {string} its code, or nothing for the nation */
export function unitOf({ filters }) {
  return filters.unit ?? store.me?.unit?.code ?? "";
}

/** A choice of unit where the officer sees several. @param {Route} route @param {boolean} [nation] whether "all" is a choice */
export function unitChoice(route, nation = false) {
  const units = store.me?.units ?? [];
  if (units.length < 2) return null;
  const now = unitOf(route);
  const none = nation && (store.me?.unit ?? null) === null;
  const select = h("select", { id: "scope-unit", "aria-label": t("filter.by_unit"), onchange: () => {
    location.hash = address(route.view, route.id, { ...route.filters, unit: select.value });
  } }, (none || now === "") && h("option", { value: "" }, t(none ? "console.nation" : "scope.choose")),
  units.map(({ code, short }) => h("option", { value: code, selected: code === now }, short)));
  return select;
}

/** @param {Record<string, string>} wanted @returns {string} a query of what is not empty */
export function queryOf(wanted) {
  return new URLSearchParams(Object.entries(wanted).filter(([, value]) => value !== "")).toString();
}

/** @param {HTMLElement} main @param {string} title @param {import("../lib/api.js").Refusal} refusal */
export function failed(main, title, refusal) {
  const heading = h("h1", {}, title);
  const offline = refusal.status === 0;
  fill(main, heading, h("div", { class: "notice" }, icon(offline ? "wifi-off" : "triangle-alert", "icon large"), h("h2", {}, t("scope.failed")),
    h("p", {}, offline ? t("console.offline") : [refusal.detail, ...refusal.errors.map(({ message }) => message)].join(" "))));
  focusOn(heading);
}

/** A button that brings a sheet: the token goes in a header, so no plain link could. @param {string} path @param {string} name of the file */
export function sheetButton(path, name) {
  const button = h("button", { type: "button", class: "button", onclick: async () => {
    button.disabled = true;
    const sheet = await askDocument(path, "text/csv");
    button.disabled = false;
    if (sheet === null) return announce(t("console.offline"));
    const link = h("a", { href: URL.createObjectURL(sheet), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } }, icon("download"), t("scope.csv"));
  return button;
}
