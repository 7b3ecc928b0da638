/** @typedef {string | Record<string, string>} Text a string, or one string per plural category */

/** @type {Record<string, Text>} */
let texts = {};
let code = "pl";
/** @type {string} */
let zone = "UTC";

/** @param {string[]} offered @param {string} fallback @returns {string} */
export function preferredLanguage(offered, fallback) {
  const wished = [stored("language"), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wished.find((tag) => tag !== null && offered.includes(tag)) ?? fallback;
}

/** @param {string} name @returns {string | null} null too where storage is forbidden */
export function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
export function store(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // The choice then lasts until the page is closed.
  }
}

/** How often a language was asked for: whoever chooses another while one still loads gets the later choice. */
let asked = 0;

/**
 * @param {string} language @param {string} timeZone IANA name @param {string[]} [more] folders whose texts come on top
 * @returns {Promise<boolean>} false, and nothing changed, if another language was asked for meanwhile
 */
export async function loadLanguage(language, timeZone, more = []) {
  const turn = (asked += 1);
  const files = await Promise.all(["", ...more].map(async (folder) => {
    const answer = await fetch(new URL(`../languages/${folder}${language}.json`, import.meta.url));
    if (!answer.ok) throw new Error(`language ${language}: ${answer.status}`);
    return answer.json();
  }));
  if (turn !== asked) return false;
  texts = Object.assign({}, ...files);
  code = language;
  zone = timeZone;
  document.documentElement.lang = language;
  translateStatic();
  return true;
}

function translateStatic() {
  document.title = t("app.title");
  for (const element of document.querySelectorAll("[data-t]")) {
    element.textContent = t(element.getAttribute("data-t") ?? "");
  }
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.getAttribute("data-t-label") ?? ""));
  }
}

export function language() {
  return code;
}

export function timeZone() {
  return zone;
}

/**
 * The text of a key; `{name}` is filled in, and `n` chooses the plural form.
 * @param {string} key @param {Record<string, string | number>} [values] @returns {string}
 */
export function t(key, values = {}) {
  const found = texts[key];
  if (found === undefined) throw new Error(`No text ${key}`);
  const form = typeof found === "string" ? found : found[new Intl.PluralRules(code).select(Number(values.n))] ?? found.other;
  return form.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? number(value) : String(value ?? "");
  });
}

/** @param {number} value */
export function number(value) {
  return new Intl.NumberFormat(code, { useGrouping: "min2" }).format(value);
}

/** @param {Record<string, string>} names by language */
export function nameOf(names) {
  return names[code] ?? Object.values(names)[0];
}

/** @param {string | Date} moment @returns {string} "wt. 24 listopada, 14:05" in the instance's zone */
export function momentText(moment) {
  return new Intl.DateTimeFormat(code, {
    weekday: "short", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone: zone,
  }).format(new Date(moment));
}

/** @param {string} day YYYY-MM-DD @returns {string} "24 listopada 2026" */
export function dayText(day) {
  return new Intl.DateTimeFormat(code, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(
    new Date(`${day}T12:00:00Z`),
  );
}

/** @param {number} day 1 is Monday @param {"long" | "short"} style */
export function weekday(day, style) {
  return new Intl.DateTimeFormat(code, { weekday: style, timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, day)));
}
