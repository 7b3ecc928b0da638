// What stays on this device beyond the tab, by the person's wish: a report that is not sent yet, and the codes of those
// that were sent from here. One record, so that a report that goes leaves its code in the same moment.

/** @typedef {import("../report/draft.js").Draft} Draft */
/** @typedef {Pick<import("../lib/api.js").Refusal, "code" | "title" | "detail" | "resets_at" | "errors">} Why */
/**
 * @typedef {{ until: number, draft: Draft, photos: Blob[], send: boolean, refusal: Why | null }} Waiting
 *   `send`: the person wants it sent by itself; `refusal`: why that ended
 * @typedef {{ until: number, key: string, answer: any, photos: Blob[], lost: string, seen: boolean }} Sent
 *   `photos` have still to follow; `lost`: why some never will
 * @typedef {{ report: Waiting | null, sent: Sent[] }} Kept
 */

export const KEPT_DAYS = 7;
const NAME = "czujka";
const RECORDS = "kept";
const ONLY = 1;
/** A browser whose store does not open within this has none. */
const PATIENCE_MS = 3_000;
/** @returns {Kept} */
const nothing = () => ({ report: null, sent: [] });

/** @type {Promise<IDBDatabase | null> | null} */
let opened = null;
/** @type {Set<(kept: Kept) => void>} */
const listeners = new Set();
const channel = "BroadcastChannel" in window ? new BroadcastChannel("czujka.kept") : null;
channel?.addEventListener("message", () => void read().then(tell));

/** @param {Kept} kept */
function tell(kept) {
  for (const listener of listeners) listener(kept);
}

/** Hears of every change, in whatever tab. @param {(kept: Kept) => void} listener */
export function onKept(listener) {
  listeners.add(listener);
}

export function daysFromNow() {
  return Date.now() + KEPT_DAYS * 86_400_000;
}

/** @returns {Promise<IDBDatabase | null>} null where the browser has no store, or none for this page */
function database() {
  opened ??= new Promise((resolve) => {
    setTimeout(resolve, PATIENCE_MS, null);
    try {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(RECORDS);
      request.onerror = () => resolve(null);
      request.onsuccess = () => {
        // Whoever deletes the store, or brings a newer form of it, must not wait for this page.
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
    } catch {
      resolve(null);
    }
  });
  return opened;
}

/** Without what is past its days. @param {Kept} kept @returns {Kept} */
function lasting({ report, sent }) {
  const now = Date.now();
  return { report: report !== null && report.until > now ? report : null, sent: sent.filter(({ until }) => until > now) };
}

/**
 * Changes the record in one transaction: nobody else's change comes between.
 * @param {(kept: Kept) => Kept} change @returns {Promise<Kept | null>} as it is now; null where nothing can be kept
 */
export async function update(change) {
  const found = await database();
  if (found === null) return null;
  /** @type {Kept | null} */
  const after = await new Promise((resolve) => {
    try {
      const transaction = found.transaction(RECORDS, "readwrite");
      const records = transaction.objectStore(RECORDS);
      /** @type {Kept | null} */
      let next = null;
      const request = records.get(ONLY);
      request.onsuccess = () => {
        next = change(lasting(request.result ?? nothing()));
        if (next.report === null && next.sent.length === 0) records.delete(ONLY);
        else records.put(next, ONLY);
      };
      transaction.oncomplete = () => resolve(next);
      transaction.onabort = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
  if (after !== null) {
    tell(after);
    channel?.postMessage("changed");
  }
  return after;
}

/** @returns {Promise<Kept>} what is past its days is not there */
export async function read() {
  const found = await database();
  if (found === null) return nothing();
  return new Promise((resolve) => {
    try {
      const request = found.transaction(RECORDS).objectStore(RECORDS).get(ONLY);
      request.onsuccess = () => resolve(lasting(request.result ?? nothing()));
      request.onerror = () => resolve(nothing());
    } catch {
      resolve(nothing());
    }
  });
}
