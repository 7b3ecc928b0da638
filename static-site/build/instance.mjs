import { readFile } from "node:fs/promises";
import path from "node:path";

/**
 * @typedef {{ code: string, names: Record<string, string>, group: string, icon: string, [key: string]: unknown }} Category
 * @typedef {{ code: string, names: Record<string, string> }} CategoryGroup
 * @typedef {{
 *   source: { package: string, object: string } | { file: string },
 *   country: string,
 *   names?: Record<string, string>,
 *   capitals?: string[],
 *   common: string[],
 *   offline?: boolean,
 *   embed?: string[],
 *   basemap?: import("./tiles.mjs").Streets,
 *   declaration?: { published: string, updated: string, prepared: string, person: string | null, email: string | null, phone: string | null },
 * }} SiteSettings basemap outline, GeoNames country, corrected place names, first labels, most frequent categories, whether
 *   pages may be kept for times without a network (else what browsers have kept is deleted), origins whose pages may
 *   show the widget, streets under the map, and what the declaration of
 *   accessibility says of the operator, where the law asks for one
 * @typedef {{
 *   dir: string,
 *   instance: {
 *     code: string, names: Record<string, string>, zone: string, languages: string[], default_language: string,
 *     bounds: [number, number, number, number], centre: { lat: number, lon: number } | [number, number],
 *     emergency: { number: string }, open_data: { publisher: Record<string, string>, licence: { title: string, url: string } }, [key: string]: unknown,
 *   },
 *   catalogue: { version: string, groups: CategoryGroup[], categories: Category[] },
 *   units: { units: { code: string, areas: string[] }[] },
 *   site: SiteSettings,
 * }} Instance
 */

/** @param {string} dir @param {string} name */
async function readJson(dir, name) {
  return JSON.parse(await readFile(path.join(dir, name), "utf8"));
}

/** @param {string} dir folder of configuration @returns {Promise<Instance>} */
export async function readInstance(dir) {
  return {
    dir,
    instance: await readJson(dir, "instance.json"),
    catalogue: await readJson(dir, "catalogue.json"),
    units: await readJson(dir, "units.json"),
    site: await readJson(dir, "site.json"),
  };
}
