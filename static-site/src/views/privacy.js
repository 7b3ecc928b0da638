// Draws the very rules that the code obeys: what is kept, how long, and who sees a report how exactly.
import { call } from "../lib/api.js";
import { backToMap, fill, focusOn, h, icon } from "../lib/dom.js";
import { language, t } from "../lib/i18n.js";
import { setSheet } from "../panel/sheet.js";

/**
 * @typedef {{ what: string, length: number | null, unit: string, since: string, statuses: string[] }} Promised
 * @typedef {{ shown: string, from?: string }} Sight
 * @typedef {{ class: string, held: boolean, statuses: string[], lasts: string, map: Sight }} Row
 * @typedef {{ retention: Promised[], visibility: { table: Row[] }, location_precision: Record<string, { mean_edge_m: number } | null> }} Rules
 */

/** @param {Promised} row */
function howLong({ length, unit, since }) {
  if (length === null) return t("privacy.ever");
  if (length === 0) return t("privacy.next_night");
  return `${t(`privacy.for_${unit}`, { n: length })} ${t(`privacy.since_${since}`)}`;
}

/** One row a rule: what it is about, the rule, and a word on it. @param {[(string | false)[], string, string | false][]} found */
function rows(found) {
  return h("dl", { class: "answers" }, found.map(([about, rule, more]) =>
    h("div", { class: "answer" }, h("dt", {}, about), h("dd", {}, rule, more && h("small", {}, more)))));
}

/** @param {Rules} rules */
function kept({ retention }) {
  return rows(retention.map((row) => {
    const only = row.statuses.length > 0 && ` (${row.statuses.map((status) => t(`status.${status}`).toLocaleLowerCase(language())).join(", ")})`;
    return [[t(`privacy.what_${row.what}`), only], howLong(row), t(`privacy.why_${row.what}`)];
  }));
}

/** @param {Rules} rules */
function seen({ visibility, location_precision: precision }) {
  const open = visibility.table.filter((row) => !row.held && row.statuses.includes("new"));
  return rows(open.map((row) => [
    [t(`privacy.class_${row.class}`)], t(`privacy.place_${row.map.shown}`, { m: precision[row.class]?.mean_edge_m ?? "" }),
    row.map.from !== undefined && t(`privacy.from_${row.map.from}`),
  ]));
}

/** @param {Rules} rules */
function lasting({ visibility }) {
  const ordinary = visibility.table.filter((row) => !row.held && row.class === "ordinary");
  return rows(ordinary.map((row) => [[row.statuses.map((status) => t(`status.${status}`)).join(", ")], t(`privacy.lasts_${row.lasts}`), false]));
}

/** @param {HTMLElement} body @param {HTMLElement} foot */
export async function drawPrivacy(body, foot) {
  setSheet("full");
  const rules = h("div", {}, h("p", { role: "status" }, t("state.loading")));
  fill(body, h("article", { class: "prose" },
    backToMap(t("report.leave")), h("h1", {}, t("privacy.title")), h("p", {}, t("privacy.lead")),
    h("p", {}, h("a", { class: "button", href: "#/kept" }, icon("save"), t("device.title"))), rules));
  fill(foot);
  focusOn(body.querySelector("h1"));
  const answer = await call("GET", "/v1/rules");
  if (!answer.ok) return fill(rules, h("p", { role: "alert" }, t("privacy.failed")));
  fill(rules,
    h("h2", {}, t("privacy.seen_title")), h("p", {}, t("privacy.seen")), seen(answer.body),
    h("h2", {}, t("privacy.lasts_title")), lasting(answer.body), h("p", {}, t("privacy.held")),
    h("h2", {}, t("privacy.kept_title")), h("p", {}, t("privacy.kept")), kept(answer.body));
}
