// What has been answered so far. It outlives a reload, and its key stays the same until the report is accepted, so that
// sending again can never make a second report. It leaves with the tab, unless the person has it kept for another day.
import { timeZone } from "../lib/i18n.js";
import { daysFromNow, onKept, read, update } from "../offline/store.js";
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

/** @type {any} */
export let accepted = kept(RECEIPT);

const { report: waiting } = await read();
/** @type {Draft} */
export let draft = { ...fresh(), ...waiting?.draft, ...kept(DRAFT) };
/** Whether the draft is kept on this device; else it ends with the tab. */
let stays = waiting !== null && waiting.draft.key === draft.key;
/** @type {Blob[]} the photos that were kept with it, until the form has them */
let keptPhotos = stays ? (waiting?.photos ?? []) : [];
/** @type {Set<() => void>} */
const settled = new Set();

export function isKept() {
  return stays;
}

/** Hears that the draft has been sent by itself, here or in another tab. @param {() => void} listener */
export function whenSent(listener) {
  settled.add(listener);
}

/** @param {import("../offline/store.js").Kept} kept */
function follow({ report, sent }) {
  const mine = sent.find(({ key }) => key === draft.key);
  if (mine !== undefined) {
    accepted = mine.answer;
    keep(RECEIPT, accepted);
    begin();
    for (const listener of settled) listener();
  } else if (stays && report?.draft.key !== draft.key) stays = false;
}
onKept(follow);

/**
 * Keeps the draft on this device beyond the tab; "now" becomes the time that it was.
 * @param {Date} now @param {{ send: boolean, photos: Blob[] }} how `send`: the person wants it sent by itself
 * @returns {Promise<"kept" | "impossible" | "other">} `other`: there is room for one report, and another one has it
 */
export async function keepForLater(now, { send, photos }) {
  const day = today(now, timeZone());
  if (draft.when === "now") change({ when: "day", day, time: localTime(now) });
  else if (draft.when === "today") change({ when: "day", day });
  const mine = { until: daysFromNow(), draft: { ...draft }, photos, send, refusal: null };
  const after = await update((kept) => (kept.report === null || kept.report.draft.key === mine.draft.key ? { ...kept, report: mine } : kept));
  if (after === null) return "impossible";
  stays = after.report?.draft.key === draft.key;
  return stays ? "kept" : "other";
}

/** What was kept follows what is answered now. Whoever has changed something has not said yet that it may go. @param {Blob[]} [photos] */
function storeForLater(photos) {
  const mine = { ...draft };
  void update((kept) => (kept.report?.draft.key !== mine.key ? kept
    : { ...kept, report: { ...kept.report, draft: mine, send: false, refusal: null, photos: photos ?? kept.report.photos } }));
}

/** Hands over the photos that were kept with the draft. */
export function takePhotos() {
  const photos = keptPhotos;
  keptPhotos = [];
  return photos;
}

/** The report that waits on the device becomes the one of this tab. @returns {Promise<boolean>} false where this tab holds another one */
export async function resume() {
  const { report } = await read();
  if (report === null || report.draft.key === draft.key) return true;
  if (isBegun()) return false;
  draft = { ...fresh(), ...report.draft };
  stays = true;
  keptPhotos = report.photos;
  return true;
}

/** Whether anything has been answered in this tab. */
export function isBegun() {
  return draft.category !== null || draft.description !== "";
}

/** @param {Blob[]} photos */
export function keepPhotos(photos) {
  if (stays) storeForLater(photos);
}

/** Another report begins in this tab. */
function begin() {
  draft = fresh();
  stays = false;
  keptPhotos = [];
  keep(DRAFT, null);
}

/** Forgets all that was answered, in this tab and on the device. */
export function discard() {
  const { key } = draft;
  begin();
  return update((kept) => (kept.report?.draft.key === key ? { ...kept, report: null } : kept));
}

/** @param {Date} now @returns {string} HH:MM in the instance's zone */
function localTime(now) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: timeZone(), hour: "2-digit", minute: "2-digit" }).format(now);
}

/** @param {Partial<Draft>} change */
export function change(change) {
  const before = JSON.stringify(draft);
  Object.assign(draft, change);
  keep(DRAFT, draft);
  if (stays && JSON.stringify(draft) !== before) storeForLater();
}

/** The report is in: the draft ends, its answer stays until the tab is closed or a new report begun. @param {any} answer */
export function finish(answer) {
  show(answer);
  const photos = keptPhotos;
  void discard();
  // They follow by the receipt, as those that were chosen now.
  keptPhotos = photos;
}

/** @param {any} answer the one that the last screen of the form shows */
export function show(answer) {
  accepted = answer;
  keep(RECEIPT, answer);
}

/** Whoever has seen the code need not be told of it. */
export function seen() {
  const { receipt } = accepted;
  void update((kept) => ({ ...kept, sent: kept.sent.map((each) => (each.answer.receipt === receipt ? { ...each, seen: true } : each)) }));
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
