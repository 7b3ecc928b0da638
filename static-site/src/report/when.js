import { h } from "../lib/dom.js";
import { t, timeZone, weekday } from "../lib/i18n.js";
import { today, zonedMoment } from "../lib/time.js";
import { change, draft, oldestDay, PARTS } from "./draft.js";

/** @typedef {import("./draft.js").When} When */

const CHOICES = /** @type {const} */ (["now", "today", "day", "pattern", "unknown"]);
export const DAYS = [1, 2, 3, 4, 5, 6, 7];

/** @param {"day" | "time"} field @param {Record<string, string>} [limits] */
function timeField(field, limits = {}) {
  const id = `when-${field}`;
  const input = h("input", { id, type: field === "day" ? "date" : "time", value: draft[field], ...limits, oninput: () => change({ [field]: input.value }) });
  return h("div", {}, h("label", { for: id }, t(`when.${field}_label`)), input);
}

/**
 * @template T
 * @param {string} legend @param {readonly T[]} values @param {(value: T) => [string, string]} names short and long
 * @param {readonly T[]} chosen @param {(value: T, on: boolean) => void} toggle
 */
export function toggles(legend, values, names, chosen, toggle) {
  return h("fieldset", { class: "toggles" }, h("legend", {}, legend), h("div", { class: "row" }, values.map((value) => {
    const [short, long] = names(value);
    const input = h("input", { type: "checkbox", checked: chosen.includes(value), "aria-label": long, onchange: () => toggle(value, input.checked) });
    return h("label", { class: "toggle" }, input, h("span", {}, short));
  })));
}

/** @template T @param {T[]} list @param {T} value @param {boolean} on */
export function withValue(list, value, on) {
  return on ? [...list, value] : list.filter((item) => item !== value);
}

function pattern() {
  return [
    toggles(t("when.days"), DAYS, (day) => [weekday(day, "short"), weekday(day, "long")], draft.days, (day, on) => change({ days: withValue(draft.days, day, on) })),
    toggles(t("when.parts"), PARTS, (part) => [t(`part.${part}`), t(`part.${part}`)], draft.parts, (part, on) => change({ parts: withValue(draft.parts, part, on) })),
  ];
}

/** @param {When} choice */
function more(choice) {
  const now = new Date();
  if (choice === "today") return [timeField("time")];
  if (choice === "day") return [h("div", { class: "pair" }, timeField("day", { min: oldestDay(now), max: today(now, timeZone()) }), timeField("time"))];
  return choice === "pattern" ? pattern() : [];
}

export function when() {
  const options = CHOICES.map((choice) => {
    const extra = h("div", { class: "extra", hidden: draft.when !== choice }, more(choice));
    const input = h("input", { type: "radio", name: "when", value: choice, checked: draft.when === choice, onchange: () => choose(choice) });
    return { choice, extra, node: h("div", {}, h("label", { class: "option" }, input, h("span", {}, t(`when.${choice}`))), extra) };
  });
  /** @param {When} chosen */
  function choose(chosen) {
    change({ when: chosen });
    for (const { choice, extra } of options) extra.hidden = choice !== chosen;
  }
  return [h("fieldset", { class: "plain options" }, h("legend", { class: "hidden" }, t("step.when")), options.map(({ node }) => node))];
}

export function whenMissing() {
  const now = new Date();
  if (draft.when === "pattern") return draft.days.length > 0 && draft.parts.length > 0 ? null : t("when.missing_pattern");
  if (draft.when !== "today" && draft.when !== "day") return null;
  const day = draft.when === "today" ? today(now, timeZone()) : draft.day;
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || !/^\d\d:\d\d$/.test(draft.time)) return t("when.missing");
  if (day < oldestDay(now)) return t("when.too_old");
  return Date.parse(zonedMoment(day, draft.time, timeZone())) > now.getTime() ? t("when.future") : null;
}

/** What was answered, in words. */
export function whenText() {
  const { when: chosen, day, time, days, parts } = draft;
  if (chosen === "today") return `${t("when.today")}, ${time}`;
  if (chosen === "day") return `${day}, ${time}`;
  if (chosen !== "pattern") return t(`when.${chosen}`);
  const names = DAYS.filter((item) => days.includes(item)).map((item) => weekday(item, "short"));
  return `${names.length === 7 ? t("when.every_day") : names.join(", ")}: ${PARTS.filter((part) => parts.includes(part)).map((part) => t(`part.${part}`)).join(", ")}`;
}
