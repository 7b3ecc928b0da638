// Numbers and months in the reader's language.
import { language, nameOf, t } from "../lib/i18n.js";
import { COUNTRY } from "./route.js";

/** @typedef {import("../lib/state.js").Config} Config */
/** @typedef {import("./load.js").Area} Area */

/** @param {number} value @param {number} digits at most so many after the point */
export function decimal(value, digits) {
  return new Intl.NumberFormat(language(), { useGrouping: "min2", maximumFractionDigits: digits }).format(value);
}

/** @param {number} value per 1,000 inhabitants */
export function rate(value) {
  return new Intl.NumberFormat(language(), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);
}

/** @param {number} part */
export function percent(part) {
  return new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 0 }).format(part);
}

/** @param {number} part */
export function signedPercent(part) {
  return new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" }).format(part);
}

/** @param {string} day YYYY-MM-DD @param {Intl.DateTimeFormatOptions} style */
function dated(day, style) {
  // In Ukrainian the word for "year" follows in short: within a sentence, where a full stop may come next, it reads ill.
  return new Intl.DateTimeFormat(language(), { ...style, timeZone: "UTC" }).format(new Date(`${day}T12:00:00Z`)).replace(/\sр\.$/u, "");
}

/** @param {string} month @param {Intl.DateTimeFormatOptions} style */
function monthAs(month, style) {
  return dated(`${month}-15`, style);
}

/** @param {string} month @returns {string} "wrzesień 2026" */
export function monthText(month) {
  return monthAs(month, { month: "long", year: "numeric" });
}

/** @param {string} month @returns {string} "wrz" */
export function monthShort(month) {
  return monthAs(month, { month: "short" });
}

/** @param {string[]} months @param {import("./months.js").Span} span @returns {string} "grudzień 2025 – listopad 2026" */
export function spanText(months, { first, last }) {
  return first === last ? monthText(months[first]) : `${monthText(months[first])} – ${monthText(months[last])}`;
}

/** @param {string} day YYYY-MM-DD @returns {string} "24 lis 2026" */
export function dayShort(day) {
  return dated(day, { day: "numeric", month: "short", year: "numeric" });
}

/** @param {{ area: string, name: string }} area @param {Config} config */
export function areaName({ area, name }, config) {
  return area === COUNTRY ? nameOf(config.names) : name;
}

/** @param {string} code @param {Config} config */
export function categoryName(code, config) {
  if (code === "all") return t("dane.all");
  const found = config.catalogue.categories.find((category) => category.code === code);
  return found ? nameOf(found.names) : code;
}
