// A case in plain words: where it stands, what happened and why, and what can be done about it now.
import { h, icon } from "../lib/dom.js";
import { dayText, momentText, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { categoryName, nearbyName } from "../panel/browse.js";
import { statusMark } from "../panel/filters.js";
import { checked } from "./checked.js";
import { deeds } from "./deeds.js";

/**
 * @typedef {{ day: string, part: string }} Window
 * @typedef {{ at: string, type: string, to: string, reason: string | null, by: string | null, answer: string | null, text: string | null, checked: Window[], until: string | null }} Entry
 * @typedef {(path: string, body?: unknown) => Promise<string | null>} Act
 */

/** @param {any} report the answer of GET /v1/receipt @param {Act} act @param {() => void} again */
export function story(report, act, again) {
  const place = report.location ? nearbyName(report.location.lat, report.location.lon) : "";
  const meaning = MEANINGS.includes(report.status) && t(`status.${report.status}_means`, { days: state.category(report.category)?.verify_days ?? 7 });
  return h("article", { class: "story" },
    h("h2", {}, categoryName(report.category)),
    h("p", { class: "badge" }, statusMark(report.status), t(`status.${report.status}`)),
    meaning && h("p", {}, meaning),
    ...deeds(report, act),
    h("dl", { class: "facts" },
      h("dt", {}, t("receipt.unit")), h("dd", {}, report.unit.name),
      place && h("dt", {}, t("detail.where")), place && h("dd", {}, t("place.near", { place })),
      h("dt", {}, t("receipt.sent")), h("dd", {}, momentText(report.created_at)),
      ...due(report),
      report.photos.length > 0 && h("dt", {}, t("photo.title_after")), report.photos.length > 0 && h("dd", {}, ...report.photos.map(photo))),
    h("h3", {}, t("follow.history")),
    h("ol", { class: "timeline" }, report.history.map(entry)),
    ...merged(report.merged),
    h("p", { class: "hint" }, t("follow.expires", { when: dayText(report.expires_at.slice(0, 10)) })),
    h("div", { class: "row no-print" },
      h("button", { type: "button", class: "button", onclick: again }, icon("refresh-cw"), t("follow.again")),
      h("button", { type: "button", class: "button", onclick: () => window.print() }, icon("printer"), t("receipt.print"))));
}

/** Statuses whose meaning the legend explains. */
const MEANINGS = ["new", "verifying", "confirmed", "passed_on", "unconfirmed", "eliminated"];

/** @param {{ slot: number, state: string, reason?: string }} each */
function photo({ slot, state: came, reason }) {
  const words = came === "stored" ? t("photo.stored") : came === "rejected" ? `${t("photo.rejected")} ${reason ? t(`photo.reason_${reason}`) : ""}` : t("photo.checking");
  return h("span", { class: "photo-line" }, `${t("photo.name", { n: slot })}: ${words}`);
}

/** @param {Entry} each */
function entry(each) {
  return h("li", {}, statusMark(each.to), h("strong", {}, title(each)), h("small", {}, momentText(each.at)),
    each.reason && h("p", {}, t(`reason.${each.reason}`)), checked(each.checked),
    each.until && UNTIL[each.type] && h("p", {}, t(UNTIL[each.type], { when: momentText(each.until) })), words(each));
}

/** What lasts until a moment that an event names. @type {Record<string, string>} */
const UNTIL = { recheck: "checks.again", pause: "checks.rests" };

/** Types of events that have a title of their own. */
const TITLED = ["recheck", "transfer", "location", "pause", "resume", "partner_answer"];

/** @param {Entry} each */
function title({ type, to, by, answer }) {
  if (type === "question") return t("follow.asked");
  if (type === "sighting_merged") return t("follow.joined");
  if (TITLED.includes(type)) return t(`follow.${type}`);
  if (type === "answer") return answer === "gone" ? t("follow.said_gone") : t("follow.answered");
  return by === "reporter" ? `${t(`status.${to}`)} ${t("follow.by_you")}` : t(`status.${to}`);
}

/** Words beside an event, or that they have been deleted where there must have been some. @param {Entry} each */
function words({ type, answer, text, by }) {
  if (text !== null) return h("blockquote", { class: by === "reporter" ? "words own" : "words" }, text);
  return (type === "question" || answer === "text") && h("p", { class: "hint" }, t("follow.erased"));
}

/** What the police have time for, and until when. @param {any} report */
function due({ status, due: limits }) {
  if (!limits || !["new", "verifying"].includes(status)) return [];
  const [key, moment] = status === "new" ? ["follow.take_up", limits.take_up] : ["follow.verify", limits.verify];
  return [h("dt", {}, t(key)), h("dd", {}, momentText(moment))];
}

/** The case that this one went into, from then on. @param {any} other */
function merged(other) {
  if (other === null) return [];
  /** @type {{ day: string, to: string, reason: string | null }[]} */
  const steps = other.history;
  return [
    h("h3", {}, t("follow.merged_title")), h("p", {}, t("follow.merged_text")),
    h("p", { class: "badge" }, statusMark(other.status), t(`status.${other.status}`)),
    h("ol", { class: "timeline" }, steps.map((step) =>
      h("li", {}, statusMark(step.to), h("strong", {}, t(`status.${step.to}`)), h("small", {}, dayText(step.day)), step.reason && h("p", {}, t(`reason.${step.reason}`))))),
    other.public && h("p", { class: "no-print" }, h("a", { href: new URL(other.public).hash }, t("follow.merged_link"))),
  ];
}
