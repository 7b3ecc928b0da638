// The one state of the page. Views read it and listen; whoever changes it says what changed.
import { formatRoute, parseRoute } from "./route.js";
import { Published } from "../data/published.js";

/** @typedef {import("./route.js").Route} Route */
/** @typedef {import("../data/hexes.js").Hex} Hex */
/** @typedef {import("../map/paint.js").Point} Point */
/** @typedef {{ code: string, names: Record<string, string>, group: string, icon: string, sensitivity: string,
 *   description_required: boolean, public_after_confirmation: boolean, verify_days: number, take_up_days: number, valid_from: string | null,
 *   valid_to: string | null }} Category */
/** @typedef {{ code: string, names: Record<string, string>, zone: string, languages: string[], default_language: string,
 *   bounds: [number, number, number, number], emergency: { number: string }, country_buffer_m: number, basemap: import("../map/streets.js").Basemap, site_url: string,
 *   login: { authority: string, client: string } | null, licence: { title: string, url: string },
 *   common: string[], offline: boolean, declaration: boolean, catalogue: { version: string, groups: { code: string, names: Record<string, string> }[],
 *   categories: Category[] } }} Config */
/** @typedef {"loading" | "ready" | "empty" | "failed"} Status */
/** @typedef {{ status: Status, partial: boolean, zoom: number, hexes: Hex[], points: Point[], ranges: [number, number][] }} Shown */
/** @typedef {"route" | "shown" | "language" | "theme" | "published" | "live" | "moved"} Topic `live`: the map is there */

class State {
  constructor() {
    this.published = new Published();
    /** @type {Route} */
    this.route = parseRoute(location.hash);
    /** @type {Shown} */
    this.shown = { status: "loading", partial: false, zoom: 0, hexes: [], points: [], ranges: [] };
    /** @type {Config | null} */
    this.loadedConfig = null;
    /** @type {import("../map/live.js").LiveMap | null} */
    this.map = null;
    /** @type {Point | null} a report that a link named and that the published points may not have yet */
    this.linked = null;
    this.target = new EventTarget();
  }

  /** @returns {Config} */
  get config() {
    if (this.loadedConfig === null) throw new Error("The configuration is not there yet");
    return this.loadedConfig;
  }

  /** @param {string} code @returns {Category | undefined} */
  category(code) {
    return this.config.catalogue.categories.find((category) => category.code === code);
  }

  /** @param {Topic} topic @param {() => void} listener @returns {() => void} ends it */
  on(topic, listener) {
    this.target.addEventListener(topic, listener);
    return () => this.target.removeEventListener(topic, listener);
  }

  /** @param {Topic} topic */
  emit(topic) {
    this.target.dispatchEvent(new Event(topic));
  }

  /**
   * Goes to another route. `replace` keeps the history as it is: for what moves on its own, such as the map.
   * @param {Partial<Route>} change @param {{ replace?: boolean, quiet?: boolean }} [options]
   */
  go(change, { replace = false, quiet = false } = {}) {
    this.route = { ...this.route, ...change };
    const address = formatRoute(this.route);
    if (address !== location.hash) history[replace ? "replaceState" : "pushState"](null, "", address);
    if (!quiet) this.emit("route");
  }

  /** Takes over what the address bar says: a link, or the browser's way back. */
  followAddress() {
    const next = parseRoute(location.hash);
    const { view, step, receipt, token } = next;
    // Only a map address with parameters says where and what: else the map stays as it was left.
    const told = view === "map" && location.hash.includes("?");
    this.route = told ? next : { ...this.route, view, step, receipt, token, selected: null };
    if (!told && view === "map") history.replaceState(null, "", formatRoute(this.route));
    this.emit("route");
  }
}

export const state = new State();
