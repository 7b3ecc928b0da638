// What the console knows: the login's view, the queue as it last came, and what has not been sent yet.
//
// The queue and the outbox stay on the device, so that a walk without a network goes on where it was; what reporters wrote
// and their photos never do: a case lives in this module's memory, and ends with the page. Logging out wipes everything.

/** @typedef {{ code: string, name: string, short: string, parent?: string | null }} Unit */
/** @typedef {{ subject: string, role: string, unit: Unit | null, units: Unit[], deeds: string[], expires_at: string }} Me */
/** @typedef {{ day: string, part: string }} Window */
/**
 * @typedef {{ id: string, version: number, category: string, priority: number, status: string, reason: string | null, tier: number,
 *   unit: Unit, area: string, area_name: string | null, created_at: string,
 *   due: { kind: string, at: string | null, overdue: boolean, paused: boolean }, location: { lat: number, lon: number },
 *   sources: number, photos: number, has_text: boolean, place: string | null, asked: boolean, answered: boolean,
 *   checked: Window[] }} Row
 * @typedef {{ key: string, id: string, path: string, body: any, title: string, at: string, state: "waiting" | "conflict" | "refused",
 *   current?: any, detail?: string }} Act one deed that waits for the network, or for the officer's choice
 * @typedef {{ subject: string, rows: Row[], at: string, more: boolean }} Kept
 */

const QUEUE = "police.queue";
const OUTBOX = "police.outbox";
const MINE = "police.";

/** @template T @param {string} name @param {T} otherwise @returns {T} */
function read(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** @param {string} name @param {unknown} value */
function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Without storage the console works as long as the network does.
  }
}

class Store extends EventTarget {
  constructor() {
    super();
    /** @type {Me | null} */
    this.me = null;
    /** @type {import("../lib/state.js").Config | null} */
    this.loaded = null;
    /** @type {Map<string, any>} cases that were opened, as long as the page lives */
    this.cases = new Map();
    /** @type {Set<string>} chosen rows of the list */
    this.chosen = new Set();
    this.offline = !navigator.onLine;
  }

  /** @returns {import("../lib/state.js").Config} */
  get config() {
    if (this.loaded === null) throw new Error("The configuration is not there yet");
    return this.loaded;
  }

  /** @param {string} deed */
  may(deed) {
    return this.me?.deeds.includes(deed) ?? false;
  }

  /** @returns {Kept | null} */
  get kept() {
    const kept = read(QUEUE, /** @type {Kept | null} */ (null));
    return kept !== null && (this.me === null || kept.subject === this.me.subject) ? kept : null;
  }

  /** @param {Row[]} rows @param {string} at @param {boolean} more whether the list goes on */
  keep(rows, at, more) {
    if (this.me !== null) write(QUEUE, { subject: this.me.subject, rows, at, more });
  }

  /** @returns {Act[]} */
  get outbox() {
    return read(OUTBOX, []);
  }

  set outbox(acts) {
    write(OUTBOX, acts);
    this.tell("outbox");
  }

  /** Another officer's queue and deeds are nobody's on this device. @param {Me} me */
  enter(me) {
    const other = read(QUEUE, /** @type {Kept | null} */ (null));
    if (other !== null && other.subject !== me.subject) this.wipe();
    this.me = me;
  }

  wipe() {
    this.cases.clear();
    this.chosen.clear();
    this.me = null;
    for (const name of Object.keys(localStorage)) if (name.startsWith(MINE)) localStorage.removeItem(name);
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(MINE)) sessionStorage.removeItem(name);
  }

  /** @param {"outbox" | "network"} topic */
  tell(topic) {
    this.dispatchEvent(new Event(topic));
  }
}

export const store = new Store();
