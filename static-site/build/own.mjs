// Own modules (minified one by one, never joined), two style sheets, and the language files.
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

import { transform } from "esbuild";

import { icons } from "./app.mjs";

/** The words of urgency: whoever describes something may use any language, so those of all go into a file of their own. */
const URGENT = "urgent.words";

/** The console, the page of institutions outside the police, that of the charts, the plain ones, the widget, and the one that makes its snippet: modules, words and a sheet of their own. */
const OTHER_PAGES = ["police", "partner", "dane", "info", "embed", "generator"];

/** @param {string} file @param {"js" | "css"} loader */
async function minified(file, loader) {
  const source = await readFile(file, "utf8");
  return (await transform(source, { loader, minify: true, target: "es2022", sourcefile: file })).code;
}

/** @param {string} dir @param {string} extension */
async function filesUnder(dir, extension) {
  const entries = await readdir(dir, { recursive: true });
  return entries.filter((name) => name.endsWith(extension)).sort();
}

/** The sheets of one folder as one, in the order of their names. @param {string} dir */
async function sheet(dir) {
  const names = (await readdir(dir)).filter((name) => name.endsWith(".css")).sort();
  return (await Promise.all(names.map((name) => minified(path.join(dir, name), "css")))).join("");
}

/** @param {Record<string, unknown>} texts */
function keysOf(texts) {
  return Object.keys(texts).sort().join("\n");
}

/**
 * Languages of the instance; a key that one of them lacks stops the build.
 * @param {string} dir @param {string[]} codes
 * @returns {Promise<Map<string, Record<string, any>>>}
 */
export async function languages(dir, codes) {
  const texts = new Map();
  for (const code of codes) texts.set(code, JSON.parse(await readFile(path.join(dir, `${code}.json`), "utf8")));
  const [first, ...others] = codes;
  for (const code of others) {
    if (keysOf(texts.get(code)) !== keysOf(texts.get(first))) {
      throw new Error(`Language files ${first} and ${code} have different keys`);
    }
  }
  return texts;
}

/**
 * @param {string} sources @param {string} languageDir @param {import("./instance.mjs").Instance} instance
 * @returns {Promise<Map<string, string>>}
 */
export async function ownFiles(sources, languageDir, { instance }) {
  const files = new Map();
  for (const name of await filesUnder(sources, ".js")) {
    // The service worker has an address of its own.
    if (name.startsWith("worker")) continue;
    files.set(name.replaceAll(path.sep, "/"), await minified(path.join(sources, name), "js"));
  }
  files.set("app.css", await sheet(path.join(sources, "styles")));
  const shared = await sheet(path.join(sources, "styles", "shared"));
  files.set("views.css", `${shared}${await sheet(path.join(sources, "styles", "views"))}`);
  for (const page of OTHER_PAGES) files.set(`${page}.css`, `${page === "dane" ? shared : ""}${await sheet(path.join(sources, "styles", page))}`);
  /** @type {string[]} */
  const urgent = [];
  for (const [code, { [URGENT]: words, ...texts }] of await languages(languageDir, instance.languages)) {
    urgent.push(words);
    files.set(`languages/${code}.json`, JSON.stringify(texts));
  }
  // Their words are not the map's to carry.
  for (const page of OTHER_PAGES) {
    for (const [code, texts] of await languages(path.join(languageDir, page), instance.languages)) {
      files.set(`languages/${page}/${code}.json`, JSON.stringify(texts));
    }
  }
  files.set("languages/urgent.json", JSON.stringify(urgent));
  files.set("icon.svg", (await icons(sources)).svg);
  return files;
}

/**
 * The sheet of pages that the service writes: it has one name, because they are made when nobody builds the site.
 * @param {string} sources @returns {Promise<[string, string]>}
 */
export async function plainSheet(sources) {
  const styles = path.join(sources, "styles");
  return ["app/plain.css", `${await minified(path.join(styles, "1-tokens.css"), "css")}${await sheet(path.join(styles, "plain"))}`];
}
