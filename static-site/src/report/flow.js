// The report form: the emergency number first, then one question a screen, and nothing lost on the way.
import { backToMap, fill, focusOn, h, icon } from "../lib/dom.js";
import { momentText, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { drawNotice, isClosed } from "../panel/announced.js";
import { setSheet } from "../panel/sheet.js";
import { receiptView } from "../views/receipt.js";
import { read } from "../offline/store.js";
import { accepted, discard, draft, forgetAccepted, isKept, seen, whenSent } from "./draft.js";
import { open } from "./send.js";
import { refusalWords, submit } from "./submit.js";
import { summary } from "./summary.js";
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
/** Asked only where the description gives a reason, between the words and the summary. */
const ASKED = ["urgent", "personal"];

// Whoever still has the form open of a report that went by itself sees its code.
whenSent(() => {
  if (state.route.view === "report") state.go({ step: "done" }, { replace: true });
});

/** @param {HTMLElement} body @param {HTMLElement} foot */
export function drawReport(body, foot) {
  const { step } = state.route;
  if (step === "done") return drawDone(body, foot);
  const asked = ASKED.includes(step);
  if (!STEPS.includes(step) && !asked && step !== "similar") return drawEmergency(body, foot);
  const last = asked || step === "similar" ? "summary" : step;
  const unanswered = STEPS.find((name) => STEPS.indexOf(name) < STEPS.indexOf(last) && QUESTIONS[name].missing() !== null);
  if (unanswered !== undefined) return state.go({ step: unanswered }, { replace: true });
  void open();
  if (asked) void import("./asking.js").then(({ drawAsked }) => drawAsked(body, foot, /** @type {any} */ (step)));
  else if (step === "similar") void import("./similar.js").then(({ drawSimilar }) => drawSimilar(body, foot));
  else drawQuestion(body, foot, step);
}

/** @param {HTMLElement} body @param {HTMLElement} foot */
function drawEmergency(body, foot) {
  const { number } = state.config.emergency;
  setSheet("full");
  if (accepted !== null) void import("./photos.js").then(({ forget }) => forget());
  forgetAccepted();
  const allowance = h("div", { class: "allowance", role: "status" }, h("p", {}, t("report.checking")));
  fill(body,
    backToMap(t("report.leave")),
    h("h1", {}, t("emergency.title")),
    h("p", {}, t("emergency.text")),
    h("a", { class: "button alarm big", href: `tel:${number}` }, icon("phone"), t("emergency.call", { number })),
    h("p", {}, t("emergency.otherwise")),
    isKept() && keptNotice(),
    // Below whatever can be pressed: it grows when the answer is there.
    allowance);
  fill(foot, h("a", { class: "button primary big", href: "#/report/what" }, t("emergency.go_on"), icon("arrow-right")));
  void tellAllowance(allowance);
}

/** Tells that an earlier draft waits on this device. */
function keptNotice() {
  const why = h("p", { class: "hint" });
  void read().then(({ report }) => {
    if (report !== null) why.textContent = report.refusal ? refusalWords(report.refusal) : report.send ? t("waiting.waits") : t("kept.until", { when: momentText(new Date(report.until)) });
  });
  const notice = h("div", { class: "allowance kept" }, icon("save"), h("div", {},
    h("p", {}, t("kept.found")), why,
    h("p", { class: "row" },
      h("a", { class: "button", href: "#/report/summary" }, t("kept.go_on")),
      h("button", { type: "button", class: "button quiet", onclick: () => { void discard(); notice.remove(); void open(); } }, t("kept.discard")))));
  return notice;
}

/** Tells at once whether this device may still report today. @param {HTMLElement} place */
async function tellAllowance(place) {
  const [answer] = await Promise.all([open({ again: true }), drawNotice()]);
  if (isClosed()) {
    fill(place, icon("triangle-alert"), h("p", {}, t("kept.offer")));
    return place.classList.add("warn");
  }
  const used = answer.ok && !answer.body.may_report;
  if (!answer.ok) fill(place, icon("wifi-off"), h("p", {}, t("report.unchecked")));
  else if (used) fill(place, icon("clock"), h("div", {}, h("p", {}, t("refusal.quota_used", { when: answer.body.resets_at ? momentText(answer.body.resets_at) : t("refusal.after_midnight") })), h("p", {}, t("kept.offer"))));
  else fill(place, icon("check"), h("p", {}, t("report.allowed")));
  place.classList.toggle("warn", used);
}

/** @param {HTMLElement} body @param {HTMLElement} foot @param {string} step */
function drawQuestion(body, foot, step) {
  const position = STEPS.indexOf(step);
  const previous = position === 0 ? "#/report" : `#/report/${STEPS[position - 1]}`;
  const problem = h("p", { class: "problem", role: "alert", id: "problem", hidden: true });
  const title = h("h1", {}, t(`step.${step}`));
  setSheet(step === "where" ? "fit" : "full");

  const next = async () => {
    const missing = QUESTIONS[step].missing();
    problem.hidden = missing === null;
    problem.textContent = missing;
    if (missing !== null) problem.scrollIntoView({ block: "nearest" });
    else state.go({ step: (step === "text" && (await stillAsked())) || STEPS[position + 1] });
  };
  const go = h("button", { type: "submit", class: "button primary big", form: "report-form" }, t(step === "summary" ? "summary.send" : "report.next"), icon("arrow-right"));
  const form = h("form", {
    id: "report-form", novalidate: true,
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      void (step === "summary" ? submit(form, go) : next());
    },
  }, QUESTIONS[step].draw(next), problem);
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

/** What must be asked about the description before it may go. */
async function stillAsked() {
  return draft.description.trim() === "" ? null : (await import("./asking.js")).unasked();
}

/** @param {HTMLElement} body @param {HTMLElement} foot */
function drawDone(body, foot) {
  if (accepted === null) return state.go({ step: "" }, { replace: true });
  setSheet("full");
  seen();
  const view = receiptView(accepted);
  fill(body, view);
  void import("./photos.js").then(({ photoField }) => view.querySelector(".facts")?.before(photoField(accepted.receipt)));
  fill(foot, h("a", { class: "button primary big", href: "#/map" }, t("receipt.to_map")));
  body.scrollTop = 0;
  focusOn(body.querySelector("h1"));
}

export { directions };
