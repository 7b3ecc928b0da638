// What became of a report, for whoever has its code. The code goes in a header, never in an address.
import { call } from "../lib/api.js";
import { announce, backToMap, fill, focusOn, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { notice } from "../panel/browse.js";
import { setSheet } from "../panel/sheet.js";
import { story } from "./story.js";

/** The code that is open, so that the page in another language is the same page; gone with the view. */
let kept = "";
state.on("route", () => { if (state.route.view !== "follow") kept = ""; });

/** Refusals of a deed that say: the case is no longer as it was shown. */
const MOVED_ON = ["too_late", "no_question", "already_answered"];

/** @param {HTMLElement} body @param {HTMLElement} foot */
export function drawFollow(body, foot) {
  setSheet("full");
  const answer = h("div", { class: "result" });
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const input = h("input", {
    id: "receipt", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", inputmode: "text", "aria-describedby": "receipt-hint",
  });
  const form = h("form", {
    novalidate: true, class: "no-print",
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      void look(input.value.trim(), answer, problem);
    },
  },
    h("label", { for: "receipt" }, t("follow.label")),
    h("p", { class: "hint", id: "receipt-hint" }, t("follow.hint")),
    input, problem,
    h("button", { type: "submit", class: "button primary big" }, icon("file-search"), t("follow.show")));
  fill(body, backToMap(t("report.leave")), h("h1", {}, t("follow.title")), h("p", { class: "no-print" }, t("follow.text")), form, answer);
  fill(foot);
  focusOn(body.querySelector("h1"));
  const receipt = state.route.receipt ?? kept;
  // The code leaves the address bar, and so the history of the device, as soon as it is read.
  if (state.route.receipt !== null) state.go({ receipt: null }, { replace: true, quiet: true });
  if (receipt === "") return;
  input.value = receipt;
  void look(receipt, answer, problem);
}

/** @param {string} receipt @param {HTMLElement} answer @param {HTMLElement} problem @param {string} [said] goes before the story */
async function look(receipt, answer, problem, said) {
  problem.hidden = true;
  if (receipt === "") {
    problem.textContent = t("follow.missing");
    problem.hidden = false;
    return;
  }
  kept = receipt;
  fill(answer, h("p", { class: "loading", role: "status" }, t("follow.loading")));
  const found = await call("GET", "/v1/receipt", { headers: { Receipt: receipt } });
  if (found.ok) show(found.body, receipt, answer, problem, said);
  else fill(answer, failure(found.refusal, () => void look(receipt, answer, problem)));
}

/** @param {any} report @param {string} receipt @param {HTMLElement} answer @param {HTMLElement} problem @param {string} [said] */
function show(report, receipt, answer, problem, said) {
  /** @param {string} path @param {unknown} [body] @returns {Promise<string | null>} what went wrong, for the form itself to say */
  async function act(path, body) {
    const done = await call("POST", `/v1/receipt/${path}`, { body, headers: { Receipt: receipt } });
    if (done.ok) {
      show(done.body, receipt, answer, problem, path === "withdraw" ? t("follow.done_withdrawn") : t("follow.done"));
      return null;
    }
    const { code, detail, errors } = done.refusal;
    if (MOVED_ON.includes(code)) {
      await look(receipt, answer, problem, t(`follow.${code}`));
      return null;
    }
    return ["offline", "unavailable"].includes(code) ? t(`follow.${code}`) : (errors[0]?.message ?? detail);
  }
  fill(answer, said && h("p", { class: "allowance", role: "status" }, icon("info"), said), story(report, act, () => void look(receipt, answer, problem)));
  focusOn(answer.querySelector("h2"));
  announce(said ?? t(`status.${report.status}`));
  answer.scrollIntoView({ block: "start" });
}

/** @param {import("../lib/api.js").Refusal} refusal @param {() => void} again */
function failure({ code, detail, errors }, again) {
  const known = ["offline", "not_found", "unavailable"].includes(code);
  const retry = ["offline", "unavailable"].includes(code) && h("button", { type: "button", class: "button", onclick: again }, icon("refresh-cw"), t("state.retry"));
  const words = known ? t(`follow.${code}`) : (errors[0]?.message ?? detail);
  return h("div", { role: "alert" }, notice(t("follow.failed"), words, code === "offline" ? "wifi-off" : "file-search", retry || null));
}
