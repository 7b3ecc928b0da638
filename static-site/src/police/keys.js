// The keyboard: one-letter shortcuts for whoever reads the queue all day; they can be switched off, and a page names them.
import { fill, h, icon } from "../lib/dom.js";
import { store as remember, stored, t } from "../lib/i18n.js";
import { lastList } from "./list.js";
import { address, parseRoute } from "./route.js";

const OFF = "police-keys-off";
const NAMES = ["j", "k", "Enter", "x", "/", "m", "r", "1–9", "n", "u", "?"];
const TEXTS = ["next", "previous", "open", "choose", "filter", "map", "again", "act", "other", "back", "help"];

function rows() {
  return /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".row-link")]);
}

/** @param {number} step */
function move(step) {
  const links = rows();
  const at = links.findIndex((link) => link.closest("tr")?.contains(document.activeElement));
  links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
}

/** The case after this one in the list as it was last read. @param {number} step */
function neighbour(step) {
  const order = sequence;
  const at = order.indexOf(parseRoute(location.hash).id);
  const next = order[at + step];
  if (at >= 0 && next) location.hash = address("case", next);
}

/** @type {string[]} */
let sequence = [];

/** @param {string} key @returns {boolean} whether the key meant something */
function pressed(key) {
  const { view, filters } = parseRoute(location.hash);
  if (key === "?") location.hash = "#/keys";
  else if (key === "u") location.hash = lastList;
  else if (key === "r") dispatchEvent(new HashChangeEvent("hashchange"));
  else if (view === "cases") {
    if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
    else if (key === "x") /** @type {HTMLElement | null | undefined} */ (document.activeElement?.closest("tr")?.querySelector(".row-choice"))?.click();
    else if (key === "/") /** @type {HTMLElement | null} */ (document.querySelector(".filter-bar select"))?.focus();
    else if (key === "m") location.hash = address("cases", "", { ...filters, as: filters.as === "map" ? "" : "map" });
    else return false;
    sequence = rows().map((link) => link.closest("tr")?.dataset.id ?? "");
  } else if (view === "case") {
    if (/^[1-9]$/.test(key)) /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-act]")])[Number(key) - 1]?.click();
    else if (key === "n" || key === "p") neighbour(key === "n" ? 1 : -1);
    else return false;
  } else return false;
  return true;
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || stored(OFF) === "true" || document.querySelector("dialog[open]")) return;
    if (event.target instanceof HTMLElement && event.target.matches("input:not([type=checkbox]), select, textarea")) return;
    if (pressed(event.key)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest(".row-link")) sequence = rows().map((link) => link.closest("tr")?.dataset.id ?? "");
  });
}

/** @param {HTMLElement} main */
export function drawKeys(main) {
  const box = h("input", { type: "checkbox", checked: stored(OFF) !== "true", onchange: () => remember(OFF, box.checked ? "false" : "true") });
  fill(main, h("article", { class: "prose" }, h("h1", {}, icon("keyboard"), t("keys.title")), h("p", {}, t("keys.text")),
    h("label", { class: "check" }, box, h("span", {}, t("keys.on"))),
    h("dl", { class: "keys" }, NAMES.flatMap((name, index) => [h("dt", {}, h("kbd", {}, name)), h("dd", {}, t(`keys.${TEXTS[index]}`))])),
    h("h2", {}, t("keys.kept_title")), h("p", {}, t("keys.kept"))));
}
