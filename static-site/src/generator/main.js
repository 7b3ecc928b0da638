// Makes the snippet that shows the widget on another site, with a preview that is the widget itself.
import { announce, byId } from "../lib/dom.js";
import { language, loadLanguage, preferredLanguage, store, t } from "../lib/i18n.js";
import { startMenu } from "../lib/menu.js";
import { addressOf, snippetOf } from "./snippet.js";

const area = /** @type {HTMLSelectElement} */ (byId("area"));
const tongue = /** @type {HTMLSelectElement} */ (byId("widget-language"));
const theme = /** @type {HTMLSelectElement} */ (byId("widget-theme"));
const snippet = /** @type {HTMLTextAreaElement} */ (byId("snippet"));
const preview = /** @type {HTMLIFrameElement} */ (byId("preview"));

function draw() {
  const address = addressOf(location.origin, { area: area.value, language: tongue.value, theme: theme.value });
  const name = (area.selectedOptions[0].dataset.name ?? area.selectedOptions[0].text).trim();
  const title = (tongue.selectedOptions[0].dataset.title ?? "").replace("{area}", name);
  snippet.value = snippetOf(address, title, tongue.value);
  preview.title = title;
  // A frame that is sent elsewhere by its own address would leave a step in the browser's history.
  if (preview.contentWindow !== null && preview.src !== "") preview.contentWindow.location.replace(address);
  else preview.src = address;
  preview.dataset.shows = address;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(snippet.value);
    announce(t("generator.copied"));
    byId("copied").textContent = t("generator.copied");
  } catch {
    // Where the clipboard is closed to pages, the text is marked for whoever copies by hand.
    snippet.focus();
    snippet.select();
  }
}

/** @param {string} code @param {string} zone */
async function speak(code, zone) {
  if (!(await loadLanguage(code, zone, ["generator/"]))) return;
  store("language", code);
  document.title = t("generator.page");
}

async function start() {
  const config = await (await fetch("/config.json")).json();
  await speak(preferredLanguage(config.languages, config.default_language), config.zone);
  startMenu(config.languages, (code) => speak(code, config.zone));
  tongue.value = language();
  for (const select of [area, tongue, theme]) select.addEventListener("change", () => { byId("copied").textContent = ""; draw(); });
  byId("copy").addEventListener("click", copy);
  draw();
  document.body.dataset.drawn = "true";
}

start().catch((error) => {
  console.error(error);
  document.body.dataset.failed = "true";
});
