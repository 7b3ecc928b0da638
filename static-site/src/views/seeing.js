// "I see it too": when, if the visitor likes to say, then one tap; how it ended is said in words.
import { call } from "../lib/api.js";
import { fill, focusOn, h, icon } from "../lib/dom.js";
import { momentText, t, weekday } from "../lib/i18n.js";
import { PARTS } from "../report/draft.js";
import { DAYS, toggles, withValue } from "../report/when.js";

/** @typedef {import("../lib/api.js").Refusal} Refusal */

/** A token or a proof that is not believed is made anew once. */
const TRIES = 2;

/** One key a case, so that sending again after a lost answer is the same request. @type {Map<string, string>} */
const keys = new Map();

/** @param {string} id */
function keyOf(id) {
  const known = keys.get(id) ?? crypto.randomUUID();
  keys.set(id, known);
  return known;
}

/**
 * @param {string} id @param {{ days: number[], parts: string[] } | null} pattern
 * @param {(words: string) => void} say @param {AbortSignal} signal
 */
async function add(id, pattern, say, signal) {
  const key = keyOf(id);
  /** @type {Awaited<ReturnType<typeof call>>} */
  let answer = { ok: false, refusal: { status: 0, code: "proof_failed", title: "", detail: "", errors: [], resets_at: null, candidates: [] } };
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const asked = await call("POST", "/v1/challenge", { body: { idempotency_key: key } });
    if (!asked.ok) return asked;
    const { challenge } = asked.body;
    if (challenge) say(t("proof.working"));
    const proof = challenge ? await (await import("../report/proof.js")).solve(challenge, signal).catch(() => null) : null;
    if (signal.aborted) return null;
    if (challenge && proof === null) continue;
    say(t("summary.sending"));
    answer = await call("POST", `/v1/reports/${id}/corroborations`, {
      body: { ...(pattern && { pattern }), ...(proof && { proof }) }, headers: { "Idempotency-Key": key },
    });
    if (answer.ok || !["device_invalid", "proof_invalid"].includes(answer.refusal.code)) return answer;
  }
  return answer;
}

/** @param {Refusal} refusal */
function words({ code, resets_at, detail, title }) {
  if (code === "quota_used") return t("seen.used", { when: resets_at ? momentText(resets_at) : t("refusal.after_midnight") });
  if (code === "not_found") return t("seen.gone");
  if (code === "offline") return t("seen.offline");
  if (["unavailable", "proof_failed"].includes(code)) return t(`refusal.${code}`);
  return detail || title || t("refusal.unavailable");
}

/** @param {HTMLElement} place @param {string} id */
export function drawSeeing(place, id) {
  /** @type {number[]} */
  let days = [];
  /** @type {string[]} */
  let parts = [];
  const title = h("h2", {}, t("seen.title"));
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const waiting = h("p", { class: "hint", role: "status" });
  const send = h("button", { type: "submit", class: "button primary" }, icon("users"), t("seen.send"));
  const end = new AbortController();
  const leave = h("button", { type: "button", class: "button", onclick: () => { end.abort(); drawButton(place, id); } }, t("seen.leave"));

  const submit = async () => {
    const half = (days.length === 0) !== (parts.length === 0);
    problem.hidden = !half;
    problem.textContent = half ? t("seen.half") : "";
    if (half || send.disabled) return;
    send.disabled = true;
    const answer = await add(id, days.length > 0 ? { days, parts } : null, (said) => { waiting.textContent = said; }, end.signal);
    if (end.signal.aborted) return;
    send.disabled = false;
    waiting.textContent = "";
    if (answer?.ok) return drawThanks(place, answer.body);
    problem.textContent = answer ? words(answer.refusal) : "";
    problem.hidden = false;
    problem.scrollIntoView({ block: "nearest" });
  };

  fill(place, h("form", {
    class: "seeing-form", novalidate: true,
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      void submit();
    },
  },
  title, h("p", {}, t("seen.text")),
  toggles(t("when.days"), DAYS, (day) => [weekday(day, "short"), weekday(day, "long")], days, (day, on) => { days = withValue(days, day, on); }),
  toggles(t("when.parts"), PARTS, (part) => [t(`part.${part}`), t(`part.${part}`)], parts, (part, on) => { parts = withValue(parts, part, on); }),
  problem, waiting, h("div", { class: "row" }, send, leave)));
  focusOn(title);
}

/** The one button again, as it stood before. @param {HTMLElement} place @param {string} id */
function drawButton(place, id) {
  const button = h("button", { type: "button", class: "button", onclick: () => drawSeeing(place, id) }, icon("users"), t("seen.too"));
  fill(place, button);
  button.focus();
}

/** @param {HTMLElement} place @param {{ counted: boolean, sources: number }} answer */
function drawThanks(place, { counted, sources }) {
  const title = h("h2", {}, icon("check", "icon good"), t("seen.done"));
  fill(place, title, h("p", {}, counted ? t("seen.counted", { n: sources }) : t("seen.not_counted")));
  focusOn(title);
}
