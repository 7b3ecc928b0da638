// Rules and retention as pages, from the document that /v1/rules serves.
import { escaped, list, table } from "./words.mjs";

/** @typedef {import("./info.mjs").Page} Page */

/** @param {Page} page @param {string} title */
function heading({ say }, title) {
  return `<h2>${say(title)}</h2>`;
}

/** @param {Page} page @param {string[]} statuses */
function named({ say }, statuses) {
  return statuses.map((status) => say(`status.${status}`)).join(", ");
}

/** A word on what stands above it, in the same cell. @param {string} text */
function small(text) {
  return `<small>${text}</small>`;
}

/** @param {Page} page */
export function rules(page) {
  const { say, instance, rules: held, reasons, language } = page;
  const { deadlines, input, receipt, sightings } = held;
  const days = (/** @type {number} */ n) => say("privacy.for_days", { n });
  const categories = instance.catalogue.categories.filter((category) => category.valid_to === null).map(({ code, names }) => [
    escaped(names[language]), days(deadlines.categories[code].take_up_days), days(deadlines.categories[code].verify_days),
  ]);
  const steps = held.steps.map((/** @type {any} */ step) => [
    named(page, [step.from]), named(page, [step.to]),
    step.by.map((/** @type {string} */ who) => say(`info.by_${who}`)).join(", "),
    step.reasons.map((/** @type {string} */ reason) => escaped(reasons[reason])).join("<br>"),
  ]);
  return [
    `<p class="info-lead">${say("info.rules_lead")}</p>`,
    heading(page, "info.filing_title"),
    list([
      say("info.rule_quota", { n: held.quota.reports }),
      say("info.rule_sightings", { n: sightings.per_day }),
      say("info.rule_text", { n: input.description_code_points }),
      say("info.rule_past", { n: input.occurred_at_days_ago }),
      say("info.rule_receipt", { n: receipt.months }),
    ]),
    heading(page, "info.deadlines_title"), `<p>${say("info.deadlines")}</p>`,
    table(say("info.deadlines_title"), [say("info.category"), say("info.take_up"), say("info.verify")], categories),
    heading(page, "info.steps_title"), `<p>${say("info.steps")}</p>`,
    table(say("info.steps_title"), [say("info.from"), say("info.to"), say("info.by"), say("info.reasons")], steps),
    `<p>${say("info.rules_source")} <a href="/v1/rules">/v1/rules</a></p>`,
  ].join("\n");
}

/** @param {Page} page @param {any} row */
function howLong({ say }, { length, unit, since }) {
  if (length === null) return say("privacy.ever");
  if (length === 0) return say("privacy.next_night");
  return `${say(`privacy.for_${unit}`, { n: length })} ${say(`privacy.since_${since}`)}`;
}

/** @param {Page} page */
export function privacy(page) {
  const { say, rules: { visibility, location_precision: precision, retention } } = page;
  const open = visibility.table.filter((/** @type {any} */ row) => !row.held && row.statuses.includes("new"));
  const seen = open.map((/** @type {any} */ row) => [
    say(`privacy.class_${row.class}`),
    say(`privacy.place_${row.map.shown}`, { m: precision[row.class]?.mean_edge_m ?? "" }) + (row.map.from === undefined ? "" : small(say(`privacy.from_${row.map.from}`))),
  ]);
  const lasting = visibility.table
    .filter((/** @type {any} */ row) => !row.held && row.class === "ordinary")
    .map((/** @type {any} */ row) => [named(page, row.statuses), say(`privacy.lasts_${row.lasts}`)]);
  const kept = retention.map((/** @type {any} */ row) => [
    say(`privacy.what_${row.what}`) + (row.statuses.length > 0 ? ` (${named(page, row.statuses)})` : ""),
    howLong(page, row) + small(say(`privacy.why_${row.what}`)),
  ]);
  return [
    `<p class="info-lead">${say("privacy.lead")}</p>`,
    `<p>${say("info.privacy_cookie")}</p>`,
    heading(page, "privacy.seen_title"), `<p>${say("privacy.seen")}</p>`,
    table(say("privacy.seen_title"), [say("info.kind"), say("info.place")], seen),
    heading(page, "privacy.lasts_title"),
    table(say("privacy.lasts_title"), [say("info.status"), say("info.how_long")], lasting),
    `<p>${say("privacy.held")}</p>`,
    heading(page, "privacy.kept_title"), `<p>${say("privacy.kept")}</p>`,
    table(say("privacy.kept_title"), [say("info.what"), say("info.how_long")], kept),
  ].join("\n");
}
