// A combobox over the offline gazetteer (WAI-ARIA 1.2, list autocomplete).
import { findPlaces, places } from "../data/places.js";
import { fill, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** @typedef {import("../data/places.js").Place} Place */

const LIMIT = 8;
let count = 0;

/**
 * @param {{ label: string, placeholder: string, visibleLabel?: boolean, pick: (place: Place) => void }} options
 * @returns {HTMLElement}
 */
export function placeSearch({ label, placeholder, visibleLabel = false, pick }) {
  const id = `places-${(count += 1)}`;
  /** @type {Place[]} */
  let found = [];
  let active = -1;

  const list = h("ul", { id: `${id}-list`, role: "listbox", "aria-label": label, class: "suggestions", hidden: true });
  const input = h("input", {
    id, type: "text", role: "combobox", autocomplete: "off", autocapitalize: "words", spellcheck: "false", placeholder,
    enterkeyhint: "search", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
    oninput: () => void suggest(),
    onkeydown: (/** @type {KeyboardEvent} */ event) => onKey(event),
    onblur: () => setTimeout(close, 150),
  });

  async function suggest() {
    const query = input.value;
    const all = await places().catch(() => null);
    if (query !== input.value) return;
    found = all === null ? [] : findPlaces(all, query, LIMIT);
    active = -1;
    draw(all === null ? t("search.failed") : t("search.none"));
  }

  /** @param {string} nothing */
  function draw(nothing) {
    const open = input.value.trim() !== "";
    input.setAttribute("aria-expanded", String(open));
    input.removeAttribute("aria-activedescendant");
    list.hidden = !open;
    fill(list, found.length === 0 && h("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, nothing), found.map(option));
  }

  /** @param {Place} place @param {number} index */
  function option(place, index) {
    return h(
      "li",
      { id: `${id}-${index}`, role: "option", "aria-selected": "false", onpointerdown: (/** @type {Event} */ event) => { event.preventDefault(); choose(place); } },
      icon("map-pin"), h("span", {}, place.name), place.area !== place.name && h("small", {}, place.area),
    );
  }

  /** @param {number} index */
  function activate(index) {
    active = (index + found.length) % found.length;
    [...list.children].forEach((item, position) => item.setAttribute("aria-selected", String(position === active)));
    input.setAttribute("aria-activedescendant", `${id}-${active}`);
    list.children[active].scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const steps = { ArrowDown: active + 1, ArrowUp: active < 0 ? found.length - 1 : active - 1 };
    const next = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (next !== undefined && found.length > 0) activate(next);
    else if (event.key === "Enter" && found.length > 0) choose(found[Math.max(active, 0)]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  }

  /** @param {Place} place */
  function choose(place) {
    input.value = place.name;
    close();
    pick(place);
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  const name = h("label", { for: id, class: visibleLabel ? "" : "hidden" }, label);
  return h("div", { class: "combobox" }, name, h("div", { class: "field-frame" }, icon("search"), input), list);
}
