// Weekdays by parts of the day: when something was seen, when to look next, and when somebody has looked.
import { h, icon } from "../lib/dom.js";
import { t, timeZone, weekday } from "../lib/i18n.js";
import { addDays, today } from "../lib/time.js";

/** @typedef {import("./store.js").Window} Window */

const DAYS = [1, 2, 3, 4, 5, 6, 7];
export const PARTS = ["morning", "afternoon", "evening", "night"];
/** The hour at which each part begins. */
const BEGINS = { morning: 6, afternoon: 12, evening: 18, night: 22 };
const MOST = 10;
const BACK = 7;
const HOURS = 24;

/** @param {Date} moment @param {string} zone @returns {{ day: string, hour: number }} a night belongs to the day on which it begins: its hours go on to 29 */
function dayAndHour(moment, zone) {
  const day = today(moment, zone);
  const hour = Number(new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: zone }).format(moment));
  return hour < BEGINS.morning ? { day: addDays(day, -1), hour: hour + HOURS } : { day, hour };
}

/** @param {string} day YYYY-MM-DD */
export function dayOfWeek(day) {
  return ((new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

/** @param {Window} window @returns {string} "pt. 20.11, wieczorem" */
export function windowText({ day, part }) {
  const [, month, date] = day.split("-").map(Number);
  return `${weekday(dayOfWeek(day), "short")} ${date}.${String(month).padStart(2, "0")}, ${t(`part.${part}`)}`;
}

/** The pattern as a grid. @param {{ day: number, part: string, count: number }[]} pattern @param {Window[]} suggested */
export function patternGrid(pattern, suggested) {
  const count = (/** @type {number} */ day, /** @type {string} */ part) => pattern.filter((item) => item.day === day && item.part === part).reduce((sum, item) => sum + (item.count ?? 1), 0);
  const most = Math.max(1, ...DAYS.flatMap((day) => PARTS.map((part) => count(day, part))));
  const next = suggested.map(({ day, part }) => `${dayOfWeek(day)}${part}`);
  return h("table", { class: "pattern" }, h("caption", { class: "hidden" }, t("case.pattern")),
    h("thead", {}, h("tr", {}, h("td", {}), DAYS.map((day) => h("th", { scope: "col" }, h("abbr", { title: weekday(day, "long") }, weekday(day, "short")))))),
    h("tbody", {}, PARTS.map((part) => h("tr", {}, h("th", { scope: "row" }, t(`part.${part}`)), DAYS.map((day) => {
      const n = count(day, part);
      const due = next.includes(`${day}${part}`);
      return h("td", { class: `heat-${n === 0 ? 0 : Math.ceil((n / most) * 4)}${due ? " next" : ""}` }, n > 0 ? String(n) : h("span", { class: "hidden" }, "0"), due && h("span", { class: "hidden" }, ` ${t("case.look_here")}`));
    })))));
}

/**
 * Which windows were looked in: the last days, as far as they have begun.
 * @param {string} created @param {Window[]} before already recorded @param {Window[]} chosen filled in place
 */
export function windowPicker(created, before, chosen) {
  const zone = timeZone();
  const { day: last, hour } = dayAndHour(new Date(), zone);
  const first = dayAndHour(new Date(created), zone).day;
  const days = Array.from({ length: BACK + 1 }, (_, back) => addDays(last, -back)).filter((day) => day >= first).reverse();
  const begun = (/** @type {string} */ day, /** @type {string} */ part) => day < last || hour >= BEGINS[/** @type {keyof typeof BEGINS} */ (part)];
  const same = (/** @type {Window} */ a, /** @type {Window} */ b) => a.day === b.day && a.part === b.part;
  return h("fieldset", { class: "window-picker" }, h("legend", {}, t("act.checked")), h("p", { class: "hint" }, t("act.checked_hint")),
    h("div", { class: "window-scroll", tabindex: 0, role: "group", "aria-label": t("act.checked") },
    h("table", {}, h("thead", {}, h("tr", {}, h("td", {}), PARTS.map((part) => h("th", { scope: "col" }, t(`part.${part}`).replace(/ \(.*/, ""))))),
      h("tbody", {}, days.map((day) => h("tr", {}, h("th", { scope: "row" }, `${weekday(dayOfWeek(day), "short")} ${Number(day.slice(8))}.${day.slice(5, 7)}`), PARTS.map((part) => {
        const window = { day, part };
        if (before.some((other) => same(other, window))) return h("td", { class: "had" }, icon("check"), h("span", { class: "hidden" }, t("act.checked_before")));
        if (!begun(day, part)) return h("td", { class: "not-yet" }, h("span", { class: "hidden" }, t("act.not_yet")));
        const box = h("input", { type: "checkbox", "aria-label": windowText(window), "data-window": `${day}:${part}`, onchange: () => {
          const at = chosen.findIndex((other) => same(other, window));
          if (at >= 0) chosen.splice(at, 1);
          else if (chosen.length < MOST) chosen.push(window);
          else box.checked = false;
        } });
        return h("td", {}, h("label", { class: "window-box" }, box));
      })))))));
}
