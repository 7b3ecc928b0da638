// What has been answered so far. It outlives a reload, and its key stays the same until the report is accepted, so that
// sending again can never make a second report. It leaves with the tab, unless the person has it kept for another day.
import { timeZone } from "../lib/i18n.js";
import { addDays, today, zonedMoment } from "../lib/time.js";

/** @typedef {"now" | "today" | "day" | "pattern" | "unknown"} When */
/**
 * @typedef {{ key: string, category: string | null, lat: number | null, lon: number | null, when: When, day: string,
 *   time: string, days: number[], parts: string[], description: string,
 *   heard: { urgent: string, personal: string }, acknowledge: string[] }} Draft
 * `heard`: the very words that were asked about and shall stay; `acknowledge`: cases that this is not
 */

export const PARTS = ["morning", "afternoon", "evening", "night"];
export const MOST_CHARACTERS = 500;
export const OLDEST_DAYS = 30;
const DRAFT = "draft";
const RECEIPT = "receipt";
const KEPT_DAYS = 7;

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
    description: "", heard: { urgent: "", personal: "" }, acknowledge: [],
  };
}

/** What was kept for another day on this device, unless that day is long past. @returns {{ until: number, draft: Draft } | null} */
function keptForLater() {
  try {
    const waiting = JSON.parse(localStorage.getItem(DRAFT) ?? "null");
    if (waiting === null || waiting.until > Date.now()) return waiting;
    localStorage.removeItem(DRAFT);
  } catch {
    // Nothing was kept, or nothing may be.
  }
  return null;
}

const waiting = keptForLater();
/** @type {Draft} */
export let draft = { ...fresh(), ...waiting?.draft, ...kept(DRAFT) };
/** Until when the draft is kept on this device; null where it ends with the tab. */
let until = waiting !== null && waiting.draft.key === draft.key ? waiting.until : null;

export function isKept() {
  return until !== null;
}

/** @returns {boolean} whether the device could keep it */
function storeForLater() {
  try {
    localStorage.setItem(DRAFT, JSON.stringify({ until, draft }));
    return true;
  } catch {
    return false;
  }
}

/** Keeps the draft on this device beyond the tab; "now" becomes the time that it was. @param {Date} now @returns {boolean} */
export function keepForLater(now) {
  const day = today(now, timeZone());
  if (draft.when === "now") change({ when: "day", day, time: localTime(now) });
  else if (draft.when === "today") change({ when: "day", day });
  until = now.getTime() + KEPT_DAYS * 86_400_000;
  if (!storeForLater()) until = null;
  return isKept();
}

/** Forgets all that was answered. */
export function discard() {
  draft = fresh();
  until = null;
  keep(DRAFT, null);
  try {
    localStorage.removeItem(DRAFT);
  } catch {
    // Then nothing was kept either.
  }
}

/** @param {Date} now @returns {string} HH:MM in the instance's zone */
function localTime(now) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: timeZone(), hour: "2-digit", minute: "2-digit" }).format(now);
}

/** @type {any} */
export let accepted = kept(RECEIPT);

/** @param {Partial<Draft>} change */
export function change(change) {
  Object.assign(draft, change);
  keep(DRAFT, draft);
  if (isKept()) storeForLater();
}

/** The report is in: the draft ends, its answer stays until the tab is closed or a new report begun. @param {any} answer */
export function finish(answer) {
  accepted = answer;
  keep(RECEIPT, answer);
  discard();
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
    ...(filled.acknowledge.length === 0 ? {} : { acknowledge: filled.acknowledge }),
  };
}

/** First day that may still be told. @param {Date} now */
export function oldestDay(now) {
  return addDays(today(now, timeZone()), -OLDEST_DAYS);
}
