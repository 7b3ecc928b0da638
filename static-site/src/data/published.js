// Reads what the nightly and the live publisher wrote under /data/. A build's files never change, so each is fetched
// once; the lists of tiles say which exist and which build wrote them, so that no request is made for one that does
// not, and a tile that says the same as yesterday comes from the browser's own store.

/**
 * @typedef {{ build: string, published_at: string, day: string, cells: string, categories: string, points: string, parents: string,
 *   points_parents: string[], areas?: string, outlines?: string, exports: Record<string, string>, feeds: Record<string, string>,
 *   totals: { reports_365d: number, reports_28d: number } }} Manifest
 * @typedef {{ res: number, parent: string, categories: string[], ranks: number[], n365: number[], n28: number[],
 *   level: number[], top: number[], by_category?: [number, number, number, number][], expected?: (number | null)[],
 *   hot365?: number[], hot28?: number[], national365?: number[], national28?: number[], trend?: number[],
 *   surprise?: number[], standing_out?: number[][] }} CellFile
 * @typedef {{ parent: string, id: string[], category: string[], status: string[], day: string[], lat: number[],
 *   lon: number[] }} PointFile
 * @typedef {"empty" | "ready" | "failed"} Outcome
 */

/** @typedef {{ res: number, first: string | null, steps: number[], versions: string[], version: number[] }} TileList */

const MANIFEST = "/data/manifest.json";
const FINEST = 15;
const PARENT_STEPS = 3;
/** Up to this resolution what is told by category stands in a file of its own. */
const OVERVIEW = 7;

/** @param {TileList} list @returns {Map<string, string>} the version of each parent's tile */
export function tilesOf({ res, first, steps, versions, version }) {
  const unit = 8n ** BigInt(FINEST - (res - PARENT_STEPS));
  let number = BigInt(`0x${first ?? 0}`);
  return new Map(version.map((place, index) => {
    if (index > 0) number += BigInt(steps[index - 1]) * unit;
    return [number.toString(16), versions[place]];
  }));
}

/** @param {string} url @param {RequestInit} [options] @returns {Promise<any>} */
async function getJson(url, options) {
  const answer = await fetch(url, options);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

export class Published {
  constructor() {
    /** @type {Manifest | null} */
    this.manifest = null;
    /** Whether the manifest is what the device has kept, for want of an answer. */
    this.kept = false;
    /** @type {Map<string, Promise<any>>} */
    this.files = new Map();
  }

  /**
   * Takes the newest manifest.
   * @returns {Promise<{ outcome: Outcome, changed: boolean }>} `empty` before the first publication
   */
  async refresh() {
    /** @type {Response} */
    let answer;
    try {
      answer = await fetch(MANIFEST, { cache: "no-cache" });
    } catch {
      this.kept = true;
      return { outcome: "failed", changed: false };
    }
    this.kept = answer.headers.has("Kept-At");
    if (answer.status === 404 || answer.status === 403) return { outcome: "empty", changed: false };
    if (!answer.ok) return { outcome: "failed", changed: false };
    try {
      /** @type {Manifest} */
      const manifest = await answer.json();
      const changed = manifest.build !== this.manifest?.build || manifest.points !== this.manifest?.points;
      if (changed) this.files.clear();
      this.manifest = manifest;
      return { outcome: "ready", changed };
    } catch {
      return { outcome: "failed", changed: false };
    }
  }

  /** @param {number} res @returns {Promise<Map<string, string>>} the parents that have a tile, and its version */
  async cellTiles(res) {
    return tilesOf(await this.#file(this.manifest?.parents ?? "", { res: String(res) }));
  }

  /** @returns {string[]} */
  pointParents() {
    return this.manifest?.points_parents ?? [];
  }

  /**
   * A tile; of coarse ones what is told by category is fetched only if it is `wanted`.
   * @param {number} res @param {string} parent @param {string} version @param {boolean} wanted @returns {Promise<CellFile>}
   */
  cells(res, parent, version, wanted) {
    const names = { res: String(res), parent, version };
    const tile = this.#file(this.manifest?.cells ?? "", names);
    if (!wanted || res > OVERVIEW) return tile;
    const key = `${res}/${parent}/${version}`;
    let whole = this.files.get(key);
    if (whole === undefined) {
      whole = Promise.all([tile, this.#file(this.manifest?.categories ?? "", names)]).then(([one, more]) => ({ ...one, ...more }));
      whole.catch(() => this.files.delete(key));
      this.files.set(key, whole);
    }
    return whole;
  }

  /** @param {string} parent @returns {Promise<PointFile>} */
  points(parent) {
    return this.#file(this.manifest?.points ?? "", { parent });
  }

  /** What lies in an area, or as `index` the list of all. @param {string} area @returns {Promise<any>} */
  outline(area) {
    return this.manifest?.outlines ? this.#file(this.manifest.outlines, { area }) : Promise.reject(new Error("no outlines"));
  }

  /** @param {string} template @param {Record<string, string>} values @returns {Promise<any>} */
  #file(template, values) {
    const url = template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    let pending = this.files.get(url);
    if (pending === undefined) {
      pending = getJson(url);
      // A failed file must be asked for again when its place is next in view.
      pending.catch(() => this.files.delete(url));
      this.files.set(url, pending);
    }
    return pending;
  }
}
