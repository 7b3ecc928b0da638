// Pages that are read without JavaScript, one folder a language: what the map is and how to report, the rules and what is
// kept, drawn from the very tables that /v1/rules serves, the declaration of accessibility, the method, and the guide to the API.
import { readFile } from "node:fs/promises";
import path from "node:path";

import { about, declaration, developers, start } from "./info_prose.mjs";
import { privacy, rules } from "./info_rules.mjs";
import { speaker } from "./words.mjs";

/**
 * @typedef {{ path: string, title: string, heading: string, draw: (page: Page) => string }} Kind
 * @typedef {{ say: import("./words.mjs").Speaker, instance: import("./instance.mjs").Instance, rules: any, reasons: Record<string, string>,
 *   language: string, siteUrl: string }} Page
 */

/** @type {Kind[]} */
const KINDS = [
  { path: "", title: "about.start", heading: "info.start_title", draw: start },
  { path: "rules/", title: "about.rules", heading: "info.rules_title", draw: rules },
  { path: "privacy/", title: "menu.privacy", heading: "privacy.title", draw: privacy },
  { path: "about/", title: "menu.about", heading: "info.about_title", draw: about },
  { path: "developers/", title: "about.developers", heading: "info.developers_title", draw: developers },
  { path: "accessibility/", title: "about.accessibility", heading: "info.accessibility_title", draw: declaration },
];

const REASONS = new URL("../../chalicelib/languages/reasons/", import.meta.url);
/** Languages by their own names. */
const OWN_NAMES = /** @type {Record<string, string>} */ ({ pl: "Polski", en: "English", uk: "Українська" });

/**
 * @param {string} sources @param {import("./instance.mjs").Instance} instance @param {import("./group.mjs").Group} own
 * @param {{ rules: any, siteUrl: string }} made
 * @returns {Promise<[string, string][]>} path relative to the site's root → page
 */
export async function infoPages(sources, instance, own, made) {
  const template = await readFile(path.join(sources, "info", "index.html"), "utf8");
  const { languages, emergency } = instance.instance;
  // Another country asks for another declaration, or none.
  const kinds = KINDS.filter((kind) => kind.draw !== declaration || instance.site.declaration !== undefined);
  /** @type {[string, string][]} */
  const pages = [];
  for (const language of languages) {
    const say = speaker(own, language);
    const reasons = JSON.parse(await readFile(new URL(`${language}.json`, REASONS), "utf8"));
    for (const kind of kinds) {
      const here = (/** @type {string} */ other, /** @type {string} */ to) => `href="/info/${other}/${to}"${other === language && to === kind.path ? ' aria-current="page"' : ""}`;
      /** @type {Record<string, string>} */
      const values = {
        language, emergency: emergency.number,
        title: `${say(kind.title)} · ${say("app.name")}`,
        heading: say(kind.heading),
        icon: own.url("icon.svg"),
        theme: own.url("theme.js"), theme_integrity: own.integrity("theme.js"),
        styles: own.url("app.css"), styles_integrity: own.integrity("app.css"),
        info_styles: own.url("info.css"), info_styles_integrity: own.integrity("info.css"),
        alternates: languages.map((other) => `<link rel="alternate" hreflang="${other}" href="${made.siteUrl}/info/${other}/${kind.path}">`).join(""),
        languages: languages.map((other) => `<a ${here(other, kind.path)} lang="${other}" hreflang="${other}">${OWN_NAMES[other] ?? other}</a>`).join(""),
        pages: kinds.map((other) => `<li><a ${here(language, other.path)}>${say(other.title)}</a></li>`).join(""),
        content: kind.draw({ say, instance, rules: made.rules, reasons, language, siteUrl: made.siteUrl }),
      };
      const html = template
        .replace(/\{\{t:([\w.]+)\}\}/g, (_, key) => say(key))
        .replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
      pages.push([`info/${language}/${kind.path}index.html`, html]);
    }
  }
  return pages;
}
