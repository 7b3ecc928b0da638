// The verification card as the API draws it, shown and printed from within the console: it has no address of its own that
// could be opened without the login.
import { fill, focusOn, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { askPage } from "./ask.js";
import { address } from "./route.js";

/** @param {HTMLElement} main @param {string} id @param {() => boolean} current */
export async function drawCard(main, id, current) {
  fill(main, h("p", { class: "loading", role: "status" }, t("console.loading")));
  const text = await askPage(`reports/${encodeURIComponent(id)}/card`);
  if (!current()) return;
  const title = h("h1", { class: "no-print" }, t("do.card"));
  const bar = h("div", { class: "row no-print" }, h("a", { class: "button", href: address("case", id) }, icon("arrow-left"), t("card.back")));
  if (text === null) {
    fill(main, title, bar, h("div", { class: "notice" }, icon("wifi-off", "icon large"), h("h2", {}, t("case.failed")), h("p", {}, t("console.offline"))));
    return focusOn(title);
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const host = h("div", { class: "card-sheet" });
  const inside = host.attachShadow({ mode: "open" });
  // Its styles are a sheet of its own, which the page's policy allows where a style element is not.
  inside.adoptedStyleSheets = [...page.querySelectorAll("style")].map((style) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync((style.textContent ?? "").replaceAll(/(^|[},\s])(?:html|body)(?=[\s,{])/g, "$1:host"));
    return sheet;
  });
  for (const foreign of page.querySelectorAll("script, style, link")) foreign.remove();
  inside.append(...page.body.childNodes);
  bar.append(h("button", { type: "button", class: "button primary", onclick: () => window.print() }, icon("printer"), t("card.print")));
  fill(main, title, bar, host);
  focusOn(title);
}
