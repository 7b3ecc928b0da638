// The menu in the page's head: language, theme, and on a phone the drop-down that holds them.
import { byId, fill, h } from "./dom.js";
import { language, store } from "./i18n.js";

const LANGUAGE_NAMES = { pl: "Polski", en: "English", uk: "Українська" };

/** @param {string[]} languages @param {(code: string) => unknown} speak @param {() => void} [themed] told after a change of theme */
export function startMenu(languages, speak, themed = () => {}) {
  const select = byId("language");
  fill(select, languages.map((code) => h("option", { value: code, lang: code, selected: code === language() }, LANGUAGE_NAMES[/** @type {keyof typeof LANGUAGE_NAMES} */ (code)] ?? code)));
  select.addEventListener("change", () => void speak(/** @type {HTMLSelectElement} */ (select).value));
  const theme = /** @type {HTMLSelectElement} */ (byId("theme"));
  theme.value = document.documentElement.dataset.theme ?? "system";
  theme.addEventListener("change", () => {
    if (theme.value === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
    store("theme", theme.value);
    themed();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themed);
  const [button, menu] = [/** @type {HTMLElement} */ (document.querySelector(".menu-button")), byId("menu")];
  const setMenu = (/** @type {boolean} */ open) => {
    menu.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => setMenu(!menu.classList.contains("open")));
  menu.addEventListener("click", (event) => { if (event.target instanceof HTMLAnchorElement) setMenu(false); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") setMenu(false); });
  document.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target) && !button.contains(event.target)) setMenu(false);
  });
}
