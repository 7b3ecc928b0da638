// How to read it, and everything to take away.
import { h, icon } from "../lib/dom.js";
import { dayText, momentText, t } from "../lib/i18n.js";

/** @typedef {import("./load.js").Manifest} Manifest */
/** @typedef {import("./load.js").Area} Area */

const PARTS = ["reports", "counted", "status", "begun", "guarded", "response", "chance", "heads"];

export function method() {
  return h("section", { class: "method", "aria-labelledby": "method" }, h("h2", { id: "method" }, t("dane.method")),
    h("dl", {}, PARTS.map((part) => h("div", {}, h("dt", {}, t(`dane.m_${part}_title`)), h("dd", {}, t(`dane.m_${part}`))))));
}

/** @param {Manifest | null} manifest @param {Area | null} area */
export function downloads(manifest, area) {
  const files = Object.values(manifest?.exports ?? {}).filter((url) => !url.includes("{"));
  const feed = area?.level === "powiat" && manifest?.feeds.powiat?.replace("{teryt}", area.area);
  const item = (/** @type {string} */ url, /** @type {string} */ title, /** @type {string} */ text, /** @type {string} */ symbol, download = true) =>
    h("li", {}, h("a", { class: "item", href: url, ...(download ? { download: "" } : {}) }, icon(symbol), h("span", { class: "grow" }, h("strong", {}, title), h("small", {}, text))));
  return h("section", { class: "method", "aria-labelledby": "files" }, h("h2", { id: "files" }, t("dane.files")), h("p", {}, t("dane.files_text")),
    manifest && manifest.build !== "empty" ? h("p", { class: "hint" }, t("dane.state", { day: dayText(manifest.day), when: momentText(manifest.published_at) })) : h("p", {}, t("dane.no_files")),
    h("ul", { class: "items files" }, files.map((url) => item(url, ...fileWords(url))), feed && item(feed, t("dane.feed"), t("dane.feed_text"), "mail", false)));
}

/** @param {string} url @returns {[string, string, string]} */
function fileWords(url) {
  const name = url.split("/").pop() ?? "";
  const kind = ["cells", "areas", "responses", "reports", "datapackage", "dcat", "dictionary"].find((each) => name.startsWith(each));
  return [kind ? t(`dane.file_${kind}`) : name, name, "download"];
}
