// The report form: the emergency number first, then one question a screen, and nothing lost on the way.
import { backToMap, fill, focusOn, h, icon } from "../lib/dom.js";
import { momentText, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { setSheet } from "../panel/sheet.js";
import { receiptView } from "../views/receipt.js";
import { accepted, forgetAccepted } from "./draft.js";
import { open, send } from "./send.js";
import { showRefusal, summary } from "./summary.js";
import { text, textMissing } from "./text.js";
import { what, whatMissing } from "./what.js";
import { when, whenMissing } from "./when.js";
import { directions, where, whereMissing } from "./where.js";

/** @typedef {{ draw: (next: () => void) => import("../lib/dom.js").Child[], missing: () => string | null }} Step */

/** @type {Record<string, Step>} */
const QUESTIONS = {
  what: { draw: what, missing: whatMissing },
  where: { draw: where, missing: whereMissing },
  when: { draw: when, missing: whenMissing },
  text: { draw: text, missing: textMissing },
  summary: { draw: summary, missing: () => null },
};
const STEPS = Object.keys(QUESTIONS);

/** @param {HTMLElement} body @param {HTMLElement} foot */
export function drawReport(body, foot) {
  const { step } = state.route;
  if (step === "done") return drawDone(body, foot);
  if (!STEPS.includes(step)) return drawEmergency(body, foot);
  const unanswered = STEPS.find((name) => STEPS.indexOf(name) < STEPS.indexOf(step) && QUESTIONS[name].missing() !== null);
  if (unanswered !== undefined) return state.go({ step: unanswered }, { replace: true });
  drawQuestion(body, foot, step);
}

/** @param {HTMLElement} body @param {HTMLElement} foot */
function drawEmergency(body, foot) {
  const { number } = state.config.emergency;
  setSheet("full");
  forgetAccepted();
  const allowance = h("p", { class: "allowance", role: "status" }, t("report.checking"));
  fill(body,
    backToMap(t("report.leave")),
    h("h1", {}, t("emergency.title")),
    h("p", {}, t("emergency.text")),
    h("a", { class: "button alarm big", href: `tel:${number}` }, icon("phone"), t("emergency.call", { number })),
    h("p", {}, t("emergency.otherwise")),
    allowance);
  fill(foot, h("a", { class: "button primary big", href: "#/report/what" }, t("emergency.go_on"), icon("arrow-right")));
  void tellAllowance(allowance);
}

/** Tells at once whether this device may still report today. @param {HTMLElement} place */
async function tellAllowance(place) {
  const answer = await open({ again: true });
  if (!answer.ok) fill(place, icon("wifi-off"), t("report.unchecked"));
  else if (answer.body.may_report) fill(place, icon("check"), t("report.allowed"));
  else fill(place, icon("clock"), t("refusal.quota_used", { when: answer.body.resets_at ? momentText(answer.body.resets_at) : t("refusal.after_midnight") }));
  place.classList.toggle("warn", answer.ok && !answer.body.may_report);
}

/** @param {HTMLElement} body @param {HTMLElement} foot @param {string} step */
function drawQuestion(body, foot, step) {
  const position = STEPS.indexOf(step);
  const previous = position === 0 ? "#/report" : `#/report/${STEPS[position - 1]}`;
  const problem = h("p", { class: "problem", role: "alert", id: "problem", hidden: true });
  const refusal = h("div", { class: "problem", role: "alert", hidden: true });
  const title = h("h1", {}, t(`step.${step}`));
  setSheet(step === "where" ? "fit" : "full");

  const next = () => {
    const missing = QUESTIONS[step].missing();
    problem.hidden = missing === null;
    problem.textContent = missing;
    if (missing === null) state.go({ step: STEPS[position + 1] });
    else problem.scrollIntoView({ block: "nearest" });
  };
  const go = h("button", { type: "submit", class: "button primary big", form: "report-form" }, t(step === "summary" ? "summary.send" : "report.next"), icon("arrow-right"));
  const form = h("form", {
    id: "report-form", novalidate: true,
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      if (step === "summary") void submit(go, refusal);
      else next();
    },
  }, QUESTIONS[step].draw(next), problem, refusal);
  fill(body,
    h("div", { class: "progress" },
      h("a", { class: "button quiet back", href: previous }, icon("arrow-left"), t("report.back")),
      h("span", {}, t("report.step", { step: position + 1, of: STEPS.length })),
      h("progress", { max: STEPS.length, value: position + 1, "aria-hidden": "true" })),
    title, form);
  fill(foot, go);
  body.scrollTop = 0;
  focusOn(title);
}

/** @param {HTMLButtonElement} button @param {HTMLElement} refusal */
async function submit(button, refusal) {
  if (button.disabled) return;
  button.disabled = true;
  refusal.hidden = true;
  button.textContent = t("summary.sending");
  const refused = await send();
  if (refused === null) {
    state.go({ step: "done" }, { replace: true });
    return;
  }
  button.disabled = false;
  fill(button, t("summary.again"), icon("refresh-cw"));
  showRefusal(refusal, refused);
  refusal.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement} body @param {HTMLElement} foot */
function drawDone(body, foot) {
  if (accepted === null) return state.go({ step: "" }, { replace: true });
  setSheet("full");
  fill(body, receiptView(accepted));
  fill(foot, h("a", { class: "button primary big", href: "#/map" }, t("receipt.to_map")));
  body.scrollTop = 0;
  focusOn(body.querySelector("h1"));
}

export { directions };
