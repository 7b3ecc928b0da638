// The verification card as the API draws it, shown and printed from within the console: it has no address of its own that
// could be opened without the login.
import { fill, focusOn, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { askDocument } from "./ask.js";
import { address } from "./route.js";

/** @param {HTMLElement} main @param {string} id @param {() => boolean} current */
export function drawCard(main, id, current) {
  return drawSheet(main, { path: `reports/${encodeURIComponent(id)}/card`, title: t("do.card"), back: address("case", id), backText: t("card.back") }, current);
}

/**
 * @param {HTMLElement} main @param {{ path: string, title: string, back: string, backText: string }} sheet
 * @param {() => boolean} current
 */
export async function drawSheet(main, sheet, current) {
  fill(main, h("p", { class: "loading", role: "status" }, t("console.loading")));
  const text = await (await askDocument(sheet.path, "text/html"))?.text() ?? null;
  if (!current()) return;
  const title = h("h1", { class: "no-print" }, sheet.title);
  const bar = h("div", { class: "row no-print" }, h("a", { class: "button", href: sheet.back }, icon("arrow-left"), sheet.backText));
  if (text === null) {
    fill(main, title, bar, h("div", { class: "notice" }, icon("wifi-off", "icon large"), h("h2", {}, t("card.failed")), h("p", {}, t("console.offline"))));
    return focusOn(title);
  }
  // Its styles become sheets of the shadow tree, which the page's policy allows where a style element is not: not even in a
  // document that is only parsed.
  /** @type {string[]} */
  const styles = [];
  const page = new DOMParser().parseFromString(text.replace(/<style[^>]*>([\s\S]*?)<\/style>/g, (_, css) => {
    styles.push(css);
    return "";
  }), "text/html");
  const host = h("div", { class: "card-sheet" });
  const inside = host.attachShadow({ mode: "open" });
  inside.adoptedStyleSheets = styles.map((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css.replaceAll(/(^|[},\s])(?:html|body)(?=[\s,{])/g, "$1:host"));
    return sheet;
  });
  for (const foreign of page.querySelectorAll("script, link")) foreign.remove();
  inside.append(...page.body.childNodes);
  bar.append(h("button", { type: "button", class: "button primary", onclick: () => window.print() }, icon("printer"), t("card.print")));
  fill(main, title, bar, host);
  focusOn(title);
}
