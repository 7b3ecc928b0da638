// How to read it, and everything to take away.
import { h, icon } from "../lib/dom.js";
import { dayText, momentText, t } from "../lib/i18n.js";

/** @typedef {import("./load.js").Manifest} Manifest */
/** @typedef {import("../lib/state.js").Config} Config */

const PARTS = ["reports", "counted", "status", "begun", "guarded", "response", "chance", "heads"];

export function method() {
  return h("section", { class: "method", "aria-labelledby": "method" }, h("h2", { id: "method" }, t("dane.method")),
    h("dl", {}, PARTS.map((part) => h("div", {}, h("dt", {}, t(`dane.m_${part}_title`)), h("dd", {}, t(`dane.m_${part}`))))));
}

/** @param {Manifest | null} manifest @param {Config} config @param {Promise<string | null> | null} [feed] address of the area's, which may come later */
export function downloads(manifest, { licence }, feed = null) {
  const files = Object.values(manifest?.exports ?? {}).filter((url) => !url.includes("{"));
  const item = (/** @type {string} */ url, /** @type {string} */ title, /** @type {string} */ text, /** @type {string} */ symbol, download = true) =>
    h("li", {}, h("a", { class: "item", href: url, ...(download ? { download: "" } : {}) }, icon(symbol), h("span", { class: "grow" }, h("strong", {}, title), h("small", {}, text))));
  const list = h("ul", { class: "items files" }, files.map((url) => item(url, ...fileWords(url))));
  void feed?.then((url) => { if (url) list.append(item(url, t("dane.feed"), t("dane.feed_text"), "mail", false)); });
  return h("section", { class: "method", "aria-labelledby": "files" }, h("h2", { id: "files" }, t("dane.files")),
    h("p", {}, t("dane.files_text"), " ", h("a", { href: licence.url, rel: "license" }, licence.title)),
    manifest && manifest.build !== "empty" ? h("p", { class: "hint" }, t("dane.state", { day: dayText(manifest.day), when: momentText(manifest.published_at) })) : h("p", {}, t("dane.no_files")),
    list);
}

/** @param {string} url @returns {[string, string, string]} */
function fileWords(url) {
  const name = url.split("/").pop() ?? "";
  const kind = ["cells", "areas", "responses", "reports", "datapackage", "dcat", "dictionary"].find((each) => name.startsWith(each));
  return [kind ? t(`dane.file_${kind}`) : name, name, "download"];
}
