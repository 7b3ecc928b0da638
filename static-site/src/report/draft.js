// What has been answered so far. It outlives a reload, and its key stays the same until the report is accepted, so that
// sending again can never make a second report.
import { timeZone } from "../lib/i18n.js";
import { addDays, today, zonedMoment } from "../lib/time.js";

/** @typedef {"now" | "today" | "day" | "pattern" | "unknown"} When */
/**
 * @typedef {{ key: string, category: string | null, lat: number | null, lon: number | null, when: When, day: string,
 *   time: string, days: number[], parts: string[], description: string }} Draft
 */

export const PARTS = ["morning", "afternoon", "evening", "night"];
export const MOST_CHARACTERS = 500;
export const OLDEST_DAYS = 30;
const DRAFT = "draft";
const RECEIPT = "receipt";

/** @param {string} name @returns {any} */
function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} name @param {unknown} value */
function keep(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Without storage the draft lives as long as the page.
  }
}

/** @returns {Draft} */
function fresh() {
  return {
    key: crypto.randomUUID(), category: null, lat: null, lon: null, when: "now", day: "", time: "", days: [], parts: [],
    description: "",
  };
}

/** @type {Draft} */
export let draft = { ...fresh(), ...kept(DRAFT) };
/** @type {any} */
export let accepted = kept(RECEIPT);

/** @param {Partial<Draft>} change */
export function change(change) {
  Object.assign(draft, change);
  keep(DRAFT, draft);
}

/** The report is in: the draft ends, its answer stays until the tab is closed or a new report begun. @param {any} answer */
export function finish(answer) {
  accepted = answer;
  keep(RECEIPT, answer);
  draft = fresh();
  keep(DRAFT, null);
}

export function forgetAccepted() {
  accepted = null;
  keep(RECEIPT, null);
}

/** @param {string} text @returns {number} code points after NFC, as the server counts them */
export function characters(text) {
  return [...text.normalize("NFC")].length;
}

/** @param {Draft} filled @param {Date} now @returns {{ occurred_at?: string, pattern?: { days: number[], parts: string[] } }} */
function moment({ when, day, time, days, parts }, now) {
  if (when === "now") return { occurred_at: zonedNow(now) };
  if (when === "today") return { occurred_at: zonedMoment(today(now, timeZone()), time, timeZone()) };
  if (when === "day") return { occurred_at: zonedMoment(day, time, timeZone()) };
  if (when === "pattern") return { pattern: { days: [...days].sort(), parts: PARTS.filter((part) => parts.includes(part)) } };
  return {};
}

/** @param {Date} now */
function zonedNow(now) {
  return `${now.toISOString().slice(0, 19)}Z`;
}

/**
 * The body of POST /v1/reports.
 * @param {Draft} filled complete @param {Date} now
 */
export function payload(filled, now) {
  const description = filled.description.trim().normalize("NFC");
  return {
    category: filled.category,
    lat: Number(filled.lat?.toFixed(6)),
    lon: Number(filled.lon?.toFixed(6)),
    ...moment(filled, now),
    ...(description === "" ? {} : { description }),
  };
}

/** First day that may still be told. @param {Date} now */
export function oldestDay(now) {
  return addDays(today(now, timeZone()), -OLDEST_DAYS);
}
