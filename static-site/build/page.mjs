// index.html and 404.html from their templates: texts of the default language, import map with integrity, preloads.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { choices } from "./generator.mjs";
import { DANE_ICONS, GENERATOR_ICONS, PARTNER_ICONS, POLICE_ICONS, sprite } from "./icons.mjs";
import { tokens } from "./tokens.mjs";
import { BARE_NAMES } from "./vendor.mjs";

/** Modules that the first view needs at once; the others come when their view is opened. */
const FIRST = /^(main|lib\/|data\/p|panel\/)/;

/** Modules of other pages than the map: the console, the page of institutions, the charts, the widget, its snippet. */
const OTHERS = /^(police|partner|dane|embed|generator)\//;

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/**
 * @param {import("./group.mjs").Group} own @param {import("./group.mjs").Group} vendor
 * @param {(name: string) => boolean} wanted which of our own modules the page may come to load
 */
function importMap(own, vendor, wanted) {
  /** @type {Record<string, string>} */
  const imports = {};
  for (const [name, file] of Object.entries(BARE_NAMES)) if (vendor.members.has(file)) imports[name] = vendor.url(file);
  /** @type {Record<string, string>} */
  const integrity = {};
  for (const group of [own, vendor]) {
    for (const name of group.modules()) if (group === vendor || wanted(name)) integrity[group.url(name)] = group.integrity(name);
  }
  return JSON.stringify({ imports, integrity });
}

/**
 * @param {string} sources
 * @param {{ instance: import("./instance.mjs").Instance, own: import("./group.mjs").Group,
 *   vendor: import("./group.mjs").Group, overview: { viewBox: string, outline: string },
 *   areas: import("./generator.mjs").Area[], siteUrl: string }} parts
 */
export async function renderPages(sources, { instance, own, vendor, overview, areas }) {
  const language = instance.instance.default_language;
  /** @type {Record<string, any>} */
  const texts = JSON.parse(String(own.members.get(`languages/${language}.json`)));
  const map = importMap(own, vendor, (name) => !OTHERS.test(name));
  const policeMap = importMap(own, vendor, (name) => /^(police|lib|map|data)\/|^offline\/alone/.test(name));
  const partnerMap = importMap(own, vendor, (name) => /^(partner|lib)\//.test(name));
  const daneMap = importMap(own, vendor, (name) => /^(dane|lib|shared)\//.test(name));
  const embedMap = importMap(own, vendor, (name) => /^(embed\/|lib\/(dom|i18n))/.test(name));
  const generatorMap = importMap(own, vendor, (name) => /^(generator\/|lib\/(dom|i18n|menu))/.test(name));
  const icons = instance.catalogue.categories.map((category) => category.icon);
  const preloads = (/** @type {RegExp} */ first) => own
    .modules()
    .filter((name) => first.test(name))
    .map((name) => `<link rel="modulepreload" href="${own.url(name)}" integrity="${own.integrity(name)}">`)
    .join("");
  const token = await tokens(sources);
  /** @type {Record<string, string>} */
  const values = {
    strip_light: token("strip", "light"),
    strip_dark: token("strip", "dark"),
    manifest: `/app/${language}.webmanifest`,
    language,
    emergency: instance.instance.emergency.number,
    place: instance.instance.names[language],
    import_map: map,
    preloads: preloads(FIRST),
    styles: own.url("app.css"),
    styles_integrity: own.integrity("app.css"),
    icon: own.url("icon.svg"),
    theme: own.url("theme.js"),
    theme_integrity: own.integrity("theme.js"),
    main: own.url("main.js"),
    sprite: await sprite(icons),
    outline: overview.outline,
    viewbox: overview.viewBox,
    categories: instance.catalogue.categories.map((item) => `<li>${escaped(item.names[language])}</li>`).join(""),
  };
  /** @type {Record<string, string>} */
  const policeValues = {
    import_map: policeMap,
    preloads: preloads(/^(lib\/(dom|i18n|api)|police\/(main|login|store|list))/),
    police_styles: own.url("police.css"),
    police_styles_integrity: own.integrity("police.css"),
    main: own.url("police/main.js"),
    sprite: await sprite([...icons, ...POLICE_ICONS]),
  };
  /** @type {Record<string, string>} */
  const partnerValues = {
    import_map: partnerMap,
    preloads: preloads(/^(lib\/(dom|i18n|api|time)|partner\/)/),
    partner_styles: own.url("partner.css"),
    partner_styles_integrity: own.integrity("partner.css"),
    main: own.url("partner/main.js"),
    sprite: await sprite(icons, PARTNER_ICONS),
  };
  /** @type {Record<string, string>} */
  const daneValues = {
    import_map: daneMap,
    preloads: preloads(/^(lib\/(dom|i18n|menu)|shared\/|dane\/)/),
    dane_styles: own.url("dane.css"),
    dane_styles_integrity: own.integrity("dane.css"),
    main: own.url("dane/main.js"),
    sprite: await sprite(icons, DANE_ICONS),
  };
  /** @type {Record<string, string>} */
  const embedValues = {
    import_map: embedMap,
    preloads: preloads(/^(lib\/(dom|i18n)|embed\/)/),
    embed_styles: own.url("embed.css"),
    embed_styles_integrity: own.integrity("embed.css"),
    main: own.url("embed/main.js"),
  };
  /** @type {Record<string, string>} */
  const generatorValues = {
    import_map: generatorMap,
    preloads: preloads(/^(lib\/(dom|i18n|menu)|generator\/)/),
    generator_styles: own.url("generator.css"),
    generator_styles_integrity: own.integrity("generator.css"),
    main: own.url("generator/main.js"),
    sprite: await sprite([], GENERATOR_ICONS),
    ...choices(instance, own, areas),
  };
  for (const page of ["police", "partner", "dane", "embed", "generator"]) Object.assign(texts, JSON.parse(String(own.members.get(`languages/${page}/${language}.json`))));
  const fill = (/** @type {string} */ template, /** @type {Record<string, string>} */ own = {}) => template
    .replace(/\{\{t:([\w.]+)\}\}/g, (_, key) => {
      if (typeof texts[key] !== "string") throw new Error(`The page names an unknown text: ${key}`);
      return escaped(texts[key]);
    })
    .replace(/\{\{(\w+)\}\}/g, (_, name) => {
      const value = own[name] ?? values[name];
      if (value === undefined) throw new Error(`The page names an unknown value: ${name}`);
      return value;
    })
    .replace(/^\s+/gm, "");
  const [index, lost, console, partner, dane, embed, generator] = await Promise.all(
    ["index.html", "404.html", "police/index.html", "partner/index.html", "dane/index.html", "embed/index.html", "generator/index.html"].map((name) => readFile(path.join(sources, name), "utf8")),
  );
  const hash = (/** @type {string} */ script) => createHash("sha256").update(script).digest("base64");
  return {
    html: fill(index), missing: fill(lost), police: fill(console, policeValues), partner: fill(partner, partnerValues),
    dane: fill(dane, daneValues), embed: fill(embed, embedValues), generator: fill(generator, generatorValues),
    hashes: { public: hash(map), police: hash(policeMap), partner: hash(partnerMap), dane: hash(daneMap), embed: hash(embedMap), generator: hash(generatorMap) },
  };
}
