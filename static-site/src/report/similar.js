// Cases nearby that the report may repeat: enough to judge by, and both answers. Nothing is lost by looking.
import { call } from "../lib/api.js";
import { fill, focusOn, h, icon } from "../lib/dom.js";
import { dayText, t, weekday } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { categoryName } from "../panel/browse.js";
import { statusMark } from "../panel/filters.js";
import { setSheet } from "../panel/sheet.js";
import { discard, draft, change, PARTS, payload } from "./draft.js";
import { withProof } from "./send.js";
import { sending, showRefusal, submit } from "./submit.js";

/**
 * @typedef {{ id: string, category: string, status: string, created_day: string, distance_m: number, sources: number,
 *   location: { lat: number, lon: number }, pattern: { day: number, part: string, count: number }[] }} Candidate
 */

/** @type {Candidate[]} */
let candidates = [];

/** Keeps what the server found for the next screen. @param {Candidate[]} found */
export function offer(found) {
  candidates = found;
}

/** When a case is seen most, in words; nothing where nobody has said. @param {Candidate["pattern"]} pattern */
function times(pattern) {
  const most = Math.max(0, ...pattern.map(({ count }) => count));
  const often = pattern.filter(({ count }) => count * 2 > most);
  if (often.length === 0) return "";
  const days = [...new Set(often.map(({ day }) => day))].sort().map((day) => weekday(day, "short"));
  const parts = PARTS.filter((part) => often.some((slot) => slot.part === part)).map((part) => t(`part.${part}`));
  return `${days.length === 7 ? t("when.every_day") : days.join(", ")}: ${parts.join(", ")}`;
}

const SVG = "http://www.w3.org/2000/svg";
const HALF = 100;
const MARK = 12;

/** @param {string} tag @param {Record<string, string | number>} attributes @param {string} [text] */
function shape(tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/** A round length in metres of at most `most`. @param {number} most */
function roundLength(most) {
  const ten = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((step) => step * ten).find((length) => length <= most) ?? ten;
}

/** The own place in the middle and the cases around it, north at the top. The list says the same in words. */
function sketch() {
  const [lat, lon] = [draft.lat ?? 0, draft.lon ?? 0];
  const placed = candidates.map(({ location: place }) => ({
    east: (place.lon - lon) * 111_320 * Math.cos((lat * Math.PI) / 180), north: (place.lat - lat) * 110_574,
  }));
  const reach = Math.max(30, ...placed.map(({ east, north }) => Math.hypot(east, north)));
  const scale = (HALF - 18) / reach;
  const spots = placed.map(({ east, north }, place) => {
    // Cases of one cell have one public place: beside each other, all can be seen.
    const before = placed.slice(0, place).filter((other) => Math.hypot(other.east - east, other.north - north) * scale < MARK).length;
    return { x: east * scale + before * MARK * 1.8, y: -north * scale };
  });
  const length = roundLength(reach);
  const svg = shape("svg", { viewBox: `${-HALF * 1.7} ${-HALF} ${HALF * 3.4} ${HALF * 2}`, class: "sketch", "aria-hidden": "true" });
  svg.append(
    ...[0.5, 1].map((share) => shape("circle", { r: reach * share * scale, class: "ring" })),
    shape("path", { d: "M-9 0H9M0-9V9", class: "own" }),
    ...spots.flatMap(({ x, y }, place) => [
      shape("circle", { cx: x, cy: y, r: MARK, class: "case" }),
      shape("text", { x, y: y + 5, class: "number" }, String(place + 1)),
    ]),
    shape("path", { d: `M${-HALF * 1.6} ${HALF - 8}v4h${length * scale}v-4`, class: "scale" }),
    shape("text", { x: -HALF * 1.6, y: HALF - 12, class: "length" }, `${length} m`),
  );
  return svg;
}

/** @param {Candidate} candidate @param {number} place @param {(candidate: Candidate, button: HTMLButtonElement) => void} same */
function card(candidate, place, same) {
  const when = times(candidate.pattern ?? []);
  const button = h("button", { type: "button", class: "button", onclick: () => same(candidate, button) }, icon("users"), t("similar.same"));
  return h("li", { class: "candidate" },
    h("h2", {}, h("span", { class: "number" }, place + 1), t("similar.away", { n: candidate.distance_m })),
    h("p", { class: "badge" }, statusMark(candidate.status), t(`status.${candidate.status}`)),
    h("p", {}, t("similar.reported", { day: dayText(candidate.created_day) }), " ", candidate.sources > 1 && t("similar.sources", { n: candidate.sources }), when && h("br"), when && t("similar.when", { when })),
    button);
}

/** @param {HTMLElement} body @param {HTMLElement} foot */
export function drawSimilar(body, foot) {
  if (candidates.length === 0) return state.go({ step: "summary" }, { replace: true });
  setSheet("full");
  /** @param {Candidate} candidate @param {HTMLButtonElement} button */
  const same = async (candidate, button) => {
    const { pattern } = payload(draft, new Date());
    const answer = await sending(form, button, (options) => withProof(
      (proof) => call("POST", `/v1/reports/${candidate.id}/corroborations`, {
        body: { ...(pattern && { pattern }), ...(proof && { proof }) }, headers: { "Idempotency-Key": draft.key },
      }), options));
    if (answer.ok) drawThanks(body, foot);
    else if (answer.refusal.code !== "cancelled") showRefusal(form, answer.refusal);
  };
  const other = h("button", { type: "submit", class: "button primary big", form: "similar-form" }, t("similar.other"), icon("arrow-right"));
  const form = h("form", {
    id: "similar-form",
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      change({ acknowledge: [...new Set([...draft.acknowledge, ...candidates.map(({ id }) => id)])].slice(-20) });
      void submit(form, other);
    },
  }, h("ol", { class: "candidates" }, candidates.map((candidate, place) => card(candidate, place, same))));
  fill(body,
    h("a", { class: "button quiet back", href: "#/report/summary" }, icon("arrow-left"), t("report.back")),
    h("h1", {}, t("similar.title")),
    h("p", {}, t("similar.text", { category: categoryName(candidates[0].category) })),
    sketch(), form);
  fill(foot, other);
  body.scrollTop = 0;
  focusOn(body.querySelector("h1"));
}

/** @param {HTMLElement} body @param {HTMLElement} foot */
function drawThanks(body, foot) {
  fill(body,
    h("h1", { class: "done" }, icon("check", "icon large good"), t("similar.thanks_title")),
    h("p", {}, t("similar.thanks")),
    h("p", { class: "hint" }, t("similar.words_stay")),
    h("p", {}, h("a", { class: "button", href: "#/report/summary" }, t("similar.still_send"))));
  fill(foot, h("a", { class: "button primary big", href: "#/map", onclick: () => void discard() }, t("receipt.to_map")));
  body.scrollTop = 0;
  focusOn(body.querySelector("h1"));
}
