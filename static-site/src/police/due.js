// Due times as words and a bar: how long there is, or for how long it has been too late.
import { h, icon } from "../lib/dom.js";
import { momentText, t } from "../lib/i18n.js";
import { store } from "./store.js";

/** @typedef {import("./store.js").Row} Row */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** @param {number} ms */
function span(ms) {
  if (ms < HOUR) return t("due.minutes", { n: Math.max(1, Math.round(ms / 60_000)) });
  if (ms < 2 * DAY) return t("due.hours", { n: Math.floor(ms / HOUR) });
  return t("due.days", { n: Math.floor(ms / DAY) });
}

/** @param {Row} row @param {number} now */
export function dueWords({ due }, now) {
  if (due.paused) return t("due.paused");
  if (due.at === null) return t("due.none");
  const left = Date.parse(due.at) - now;
  return left < 0 ? t("due.over", { time: span(-left) }) : t("due.left", { time: span(left) });
}

/** @param {Row} row @param {number} [now] */
export function dueCell(row, now = Date.now()) {
  const { due } = row;
  const late = !due.paused && due.at !== null && Date.parse(due.at) < now;
  const category = store.config.catalogue.categories.find(({ code }) => code === row.category);
  const whole = (due.kind === "take_up" ? category?.take_up_days ?? 3 : category?.verify_days ?? 7) * DAY;
  const left = due.at === null ? 0 : Math.max(0, Date.parse(due.at) - now);
  return h("div", { class: `due${late ? " late" : left < DAY && due.at !== null ? " soon" : ""}` },
    h("strong", {}, late && icon("triangle-alert"), due.paused && icon("pause"), dueWords(row, now)),
    due.at !== null && !due.paused && h("meter", { min: 0, max: whole, value: late ? whole : left, "aria-hidden": "true" }),
    h("small", {}, due.at === null ? t(`duekind.${due.kind}`) : `${t(`duekind.${due.kind}`)} ${momentText(due.at)}`));
}
