// What a widget shows: its settings from the address, and sums of the last twelve months. Pure.

/** @typedef {{ area: string, name: string, months: string[], categories: Record<string, { reports: number[] }> }} Area */

const MONTHS = 12;

/**
 * @param {string} query `?teryt=2062&lang=pl&theme=dark`; whatever is not understood takes its default
 * @param {{ languages: string[], default_language: string }} config
 * @returns {{ area: string, language: string, theme: "light" | "dark" | null }} the country without a code
 */
export function settingsOf(query, { languages, default_language }) {
  const asked = new URLSearchParams(query);
  const [area, language, theme] = [asked.get("teryt") ?? "", asked.get("lang") ?? "", asked.get("theme")];
  return {
    area: /^[\w-]{1,20}$/.test(area) ? area : "country",
    language: languages.includes(language) ? language : default_language,
    theme: theme === "light" || theme === "dark" ? theme : null,
  };
}

/** Reports of the last twelve months of the file, the one under way among them. @param {Area} area @param {string} category */
export function yearOf(area, category) {
  return (area.categories[category]?.reports ?? []).slice(-MONTHS).reduce((total, count) => total + count, 0);
}

/** @param {Area} area @param {number} most @returns {{ code: string, count: number }[]} categories with the most reports, at most so many */
export function busiest(area, most) {
  return Object.keys(area.categories)
    .filter((code) => code !== "all")
    .map((code) => ({ code, count: yearOf(area, code) }))
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count || (one.code < other.code ? -1 : 1))
    .slice(0, most);
}
