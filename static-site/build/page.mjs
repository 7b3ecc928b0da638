// index.html and 404.html from their templates: texts of the default language, import map with integrity, preloads.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { sprite } from "./icons.mjs";
import { BARE_NAMES } from "./vendor.mjs";

/** Modules that the first view needs at once; the others come when their view is opened. */
const FIRST = /^(main|lib\/|data\/p|panel\/)/;

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/**
 * @param {import("./group.mjs").Group} own @param {import("./group.mjs").Group} vendor
 */
function importMap(own, vendor) {
  /** @type {Record<string, string>} */
  const imports = {};
  for (const [name, file] of Object.entries(BARE_NAMES)) imports[name] = vendor.url(file);
  /** @type {Record<string, string>} */
  const integrity = {};
  for (const group of [own, vendor]) {
    for (const name of group.modules()) integrity[group.url(name)] = group.integrity(name);
  }
  return JSON.stringify({ imports, integrity });
}

/**
 * @param {string} sources
 * @param {{ instance: import("./instance.mjs").Instance, own: import("./group.mjs").Group,
 *   vendor: import("./group.mjs").Group, overview: { viewBox: string, outline: string }, siteUrl: string }} parts
 */
export async function renderIndex(sources, { instance, own, vendor, overview }) {
  const language = instance.instance.default_language;
  /** @type {Record<string, any>} */
  const texts = JSON.parse(String(own.members.get(`languages/${language}.json`)));
  const map = importMap(own, vendor);
  const preloads = own
    .modules()
    .filter((name) => FIRST.test(name))
    .map((name) => `<link rel="modulepreload" href="${own.url(name)}" integrity="${own.integrity(name)}">`);
  /** @type {Record<string, string>} */
  const values = {
    language,
    emergency: instance.instance.emergency.number,
    place: instance.instance.names[language],
    import_map: map,
    preloads: preloads.join(""),
    styles: own.url("app.css"),
    styles_integrity: own.integrity("app.css"),
    icon: own.url("icon.svg"),
    theme: own.url("theme.js"),
    theme_integrity: own.integrity("theme.js"),
    main: own.url("main.js"),
    sprite: await sprite(instance.catalogue.categories.map((category) => category.icon)),
    outline: overview.outline,
    viewbox: overview.viewBox,
    categories: instance.catalogue.categories.map((item) => `<li>${escaped(item.names[language])}</li>`).join(""),
  };
  const fill = (/** @type {string} */ template) => template
    .replace(/\{\{t:([\w.]+)\}\}/g, (_, key) => {
      if (typeof texts[key] !== "string") throw new Error(`The page names an unknown text: ${key}`);
      return escaped(texts[key]);
    })
    .replace(/\{\{(\w+)\}\}/g, (_, name) => {
      if (values[name] === undefined) throw new Error(`The page names an unknown value: ${name}`);
      return values[name];
    })
    .replace(/^\s+/gm, "");
  const [html, missing] = await Promise.all(
    ["index.html", "404.html"].map(async (name) => fill(await readFile(path.join(sources, name), "utf8"))),
  );
  return { html, missing, importMapHash: createHash("sha256").update(map).digest("base64") };
}
