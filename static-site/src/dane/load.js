// Reads the areas' files of the newest build. A build's files never change; a superseded one stays for two days.

/**
 * @typedef {{ reports: number[], confirmed: number[], unconfirmed: number[], eliminated: number[], passed_on: number[], open: number[] }} Months
 * @typedef {{ reports: number, open: number, closed: number, within_deadline: number, days_median: number | null, days_p90: number | null,
 *   months: { days_median: (number | null)[], closed: number[] } }} Response
 * @typedef {{ area: string, name: string, reports_365d: number, previous_365d: number, per_1000: number | null }} Child
 * @typedef {{ area: string, level: string, name: string, parent: string | null, children: Child[], population: number | null,
 *   months: string[], through: string, categories: Record<string, Months>, guarded: { periods: [string, string][], categories: Record<string, number[]> },
 *   pattern: Record<string, number[][]>, response: Record<string, Response> }} Area
 * @typedef {{ build: string, day: string, published_at: string, areas?: string, exports: Record<string, string>, feeds: Record<string, string> }} Manifest
 * @typedef {"ready" | "empty" | "missing" | "failed"} Outcome
 */

const MANIFEST = "/data/manifest.json";
const FEEDS = "/data/feeds/index.json";
/** Nobody waits longer than this for one file. */
const PATIENCE_MS = 20_000;

/** @param {string} url @param {RequestCache} [cache] @returns {Promise<{ outcome: Outcome, body: any }>} never throws */
async function read(url, cache = "default") {
  try {
    const answer = await fetch(url, { cache, signal: AbortSignal.timeout(PATIENCE_MS) });
    // Storage that lists nothing to strangers says 403 of what is not there.
    if (answer.status === 404 || answer.status === 403) return { outcome: "missing", body: null };
    if (!answer.ok) return { outcome: "failed", body: null };
    return { outcome: "ready", body: await answer.json() };
  } catch {
    return { outcome: "failed", body: null };
  }
}

export class Areas {
  constructor() {
    /** @type {Manifest | null} */
    this.manifest = null;
    /** @type {Map<string, Area>} */
    this.files = new Map();
    /** @type {ReturnType<typeof read> | null} */
    this.feeds = null;
  }

  /** Takes the newest manifest. @returns {Promise<Outcome>} `empty` before there are any areas */
  async refresh() {
    const { outcome, body } = await read(MANIFEST, "no-cache");
    if (outcome === "missing") return "empty";
    if (outcome !== "ready") return outcome;
    if (body.build !== this.manifest?.build) this.files.clear();
    this.manifest = body;
    return body.areas ? "ready" : "empty";
  }

  /** @param {string} code @returns {Promise<{ outcome: Outcome, area: Area | null }>} */
  async area(code) {
    const held = this.files.get(code);
    if (held) return { outcome: "ready", area: held };
    const { outcome, body } = await this.#file(code);
    if (outcome !== "missing") return { outcome, area: body };
    // The page may have been open for days: the build that it knows is gone then.
    const before = this.manifest?.build;
    if ((await this.refresh()) !== "ready" || before === this.manifest?.build) return { outcome, area: null };
    const again = await this.#file(code);
    return { outcome: again.outcome, area: again.body };
  }

  /** @param {string} powiat @returns {Promise<string | null>} address of its feed, if there is one: it begins with its first entry */
  async feed(powiat) {
    if (!this.manifest?.feeds.powiat) return null;
    this.feeds ??= read(FEEDS);
    const { body } = await this.feeds;
    return body?.powiat.find((/** @type {{ code: string }} */ each) => each.code === powiat)?.url ?? null;
  }

  /** @param {string} code */
  async #file(code) {
    const found = await read((this.manifest?.areas ?? "").replace("{area}", encodeURIComponent(code)));
    if (found.outcome === "ready") this.files.set(code, found.body);
    return found;
  }
}
