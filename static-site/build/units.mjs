// Police units by code and name, for those who want mails about one: garrisons first, the units of each behind it.

/** @typedef {{ code: string, name: string, parent: string | null, areas: string[], valid_to?: string | null }} Unit */

/** @param {import("./instance.mjs").Instance} instance @returns {{ codes: string[], names: string[], areas: string[][] }} */
export function unitNames({ units }) {
  const { garrisons, units: below } = /** @type {{ garrisons: Unit[], units: Unit[] }} */ (/** @type {unknown} */ (units));
  const valid = [...garrisons, ...below].filter((unit) => !unit.valid_to);
  const sorted = valid.sort((a, b) => (a.parent ?? a.code).localeCompare(b.parent ?? b.code) || Number(a.parent !== null) - Number(b.parent !== null) || a.name.localeCompare(b.name));
  return { codes: sorted.map(({ code }) => code), names: sorted.map(({ name }) => name), areas: sorted.map(({ areas }) => areas) };
}
