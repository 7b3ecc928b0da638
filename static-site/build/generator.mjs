// What the page that makes the widget's snippet offers: areas by name, languages with the frame's title, origins.
import { escaped } from "./words.mjs";

/** @typedef {{ code: string, name: string }} Area */

const LANGUAGE_NAMES = /** @type {Record<string, string>} */ ({ pl: "Polski", en: "English", uk: "Українська" });

/**
 * @param {import("./instance.mjs").Instance} instance @param {import("./group.mjs").Group} own
 * @param {Area[]} areas of the lowest level @returns {Record<string, string>} parts of the page
 */
export function choices({ instance, site }, own, areas) {
  /** @param {string} code @returns {Record<string, string>} */
  const words = (code) => JSON.parse(String(own.members.get(`languages/generator/${code}.json`)));
  const main = instance.default_language;
  const sorted = (/** @type {Area[]} */ list) => [...list].sort((a, b) => a.name.localeCompare(b.name, main) || (a.code < b.code ? -1 : 1));
  // Some powiats share a name: the code tells them apart, as in the mails.
  const option = (/** @type {Area} */ { code, name }) => `<option value="${escaped(code)}" data-name="${escaped(name)}">${escaped(`${name} (${code})`)}</option>`;
  const group = (/** @type {string} */ key, /** @type {Area[]} */ list) => list.length === 0 ? ""
    : `<optgroup label="${escaped(words(main)[key])}" data-t-label="${key}">${sorted(list).map(option).join("")}</optgroup>`;
  const above = Object.entries(instance.area_names ?? {}).map(([code, name]) => ({ code, name }));
  return {
    areas: group("generator.voivodeships", above) + group("generator.powiats", areas.filter(({ name }) => name)),
    languages: instance.languages.map((code) => `<option value="${code}" lang="${code}" data-title="${escaped(words(code)["generator.frame_title"])}">${escaped(LANGUAGE_NAMES[code] ?? code)}</option>`).join(""),
    origins: (site.embed ?? []).map(escaped).join(" · "),
  };
}
