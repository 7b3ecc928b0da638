// What the address and the files give together: two series of everything, and how they may be compared.
import { dayText, t } from "../lib/i18n.js";
import { complete, otherSpan, spanOf } from "./months.js";
import { sum, within } from "./numbers.js";
import { ALL } from "./route.js";
import { areaName, categoryName, spanText } from "./words.js";

/** @typedef {import("./load.js").Area} Area */
/** @typedef {import("./months.js").Span} Span */
/** @typedef {{ area: Area, span: Span, name: string }} Side */
/**
 * @typedef {{ config: import("../lib/state.js").Config, manifest: import("./load.js").Manifest, route: import("./route.js").Route, a: Side, b: Side | null,
 *   mode: "none" | "area" | "period", perHead: boolean, guarded: boolean, category: string, source: import("./picture.js").Source }} View
 */

export const STATUSES = /** @type {const} */ (["confirmed", "passed_on", "eliminated", "unconfirmed", "open"]);

/**
 * The months that are asked for. In an instance's first month there is nothing but what has begun: then that is shown.
 * @param {Area} area @param {Pick<import("./route.js").Route, "from" | "to">} route @returns {Span}
 */
export function spanShown({ months, through, categories }, { from, to }) {
  const { whole, begun } = complete(months, through);
  const young = begun && from === null && to === null && sum(categories[ALL]?.reports.slice(0, whole) ?? []) === 0;
  return spanOf(months, through, from, young ? months[whole] : to);
}

/**
 * @param {{ config: View["config"], manifest: View["manifest"], route: View["route"], area: Area, other: Area | null }} parts
 * @returns {View}
 */
export function viewOf({ config, manifest, route, area, other }) {
  const span = spanShown(area, route);
  const found = config.catalogue.categories.find(({ code }) => code === route.category);
  const category = found || route.category === ALL ? route.category : ALL;
  const a = { area, span, name: areaName(area, config) };
  /** @type {Side | null} */
  let b = null;
  if (other) b = { area: other, span: spanOf(other.months, other.through, area.months[span.first], area.months[span.last]), name: areaName(other, config) };
  else if (route.other && "from" in route.other) {
    const compared = otherSpan(area.months, span, route.other.from);
    if (compared) b = { area, span: compared, name: spanText(area.months, compared) };
  }
  const mode = b === null ? "none" : other ? "area" : "period";
  if (b && mode === "period") a.name = spanText(area.months, span);
  const place = headline({ config, category, a, mode });
  return {
    config, manifest, route, a, b, mode, category, guarded: found !== undefined && found.sensitivity !== "ordinary",
    perHead: mode === "area" && Boolean(area.population) && Boolean(b?.area.population), source: { place, text: t("dane.source", { app: t("app.name"), day: dayText(manifest.day) }) },
  };
}

/** @param {Side} side @param {string} category @param {"reports" | typeof STATUSES[number]} [what] @returns {number[]} by month */
export function series({ area, span }, category, what = "reports") {
  return within(area.categories[category]?.[what], span);
}

/** @param {Side} side @param {string} category @param {"reports" | typeof STATUSES[number]} [what] */
export function total(side, category, what = "reports") {
  return sum(series(side, category, what));
}

/** @param {Side} side @param {string} category @returns {Record<typeof STATUSES[number], number>} */
export function outcomes(side, category) {
  return /** @type {Record<typeof STATUSES[number], number>} */ (Object.fromEntries(STATUSES.map((status) => [status, total(side, category, status)])));
}

/** @param {Pick<View, "config" | "category" | "a" | "mode">} view */
export function headline({ config, category, a, mode }) {
  const name = mode === "period" ? areaName(a.area, config) : a.name;
  return category === ALL ? name : `${name}: ${categoryName(category, config)}`;
}

/** @param {View} view @param {string} what @returns {string} name of a file, without extension */
export function fileName({ a: { area, span }, category, b, mode }, what) {
  const compared = b === null ? "" : mode === "area" ? `-${b.area.area}` : `-${b.area.months[b.span.first]}`;
  return `${what}-${area.area}-${category}-${area.months[span.first]}-${area.months[span.last]}${compared}`;
}
