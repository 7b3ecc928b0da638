// What became of a report, for whoever has its code. The code goes in a header, never in an address.
import { call } from "../lib/api.js";
import { backToMap, fill, focusOn, h, icon } from "../lib/dom.js";
import { momentText, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { categoryName, nearbyName, notice } from "../panel/browse.js";
import { statusMark } from "../panel/filters.js";
import { setSheet } from "../panel/sheet.js";

/** @param {HTMLElement} body @param {HTMLElement} foot */
export function drawFollow(body, foot) {
  setSheet("full");
  const answer = h("div", { class: "result", "aria-live": "polite" });
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const input = h("input", {
    id: "receipt", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", inputmode: "text", "aria-describedby": "receipt-hint",
  });
  const form = h("form", {
    novalidate: true,
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      void look(input.value.trim(), answer, problem);
    },
  },
    h("label", { for: "receipt" }, t("follow.label")),
    h("p", { class: "hint", id: "receipt-hint" }, t("follow.hint")),
    input, problem,
    h("button", { type: "submit", class: "button primary big" }, icon("file-search"), t("follow.show")));
  fill(body, backToMap(t("report.leave")), h("h1", {}, t("follow.title")), h("p", {}, t("follow.text")), form, answer);
  fill(foot);
  focusOn(body.querySelector("h1"));
  const { receipt } = state.route;
  if (receipt !== null) {
    // The code leaves the address bar, and so the history of the device, as soon as it is read.
    state.go({ receipt: null }, { replace: true, quiet: true });
    input.value = receipt;
    void look(receipt, answer, problem);
  }
}

/** @param {string} receipt @param {HTMLElement} answer @param {HTMLElement} problem */
async function look(receipt, answer, problem) {
  problem.hidden = true;
  if (receipt === "") {
    problem.textContent = t("follow.missing");
    problem.hidden = false;
    return;
  }
  fill(answer, h("p", { class: "loading" }, t("state.loading")));
  const found = await call("GET", "/v1/receipt", { headers: { Receipt: receipt } });
  if (found.ok) {
    fill(answer, story(found.body));
    return;
  }
  const { code, detail } = found.refusal;
  const known = ["offline", "not_found", "unavailable"].includes(code);
  fill(answer, notice(t("follow.failed"), known ? t(`follow.${code}`) : detail, code === "offline" ? "wifi-off" : "file-search"));
}

/** @param {any} report the answer of GET /v1/receipt */
function story(report) {
  const place = report.location ? nearbyName(report.location.lat, report.location.lon) : "";
  /** @type {{ at: string, to: string, reason: string | null }[]} */
  const history = report.history;
  return h("article", { class: "story" },
    h("h2", {}, categoryName(report.category)),
    h("p", { class: "badge" }, statusMark(report.status), t(`status.${report.status}`)),
    h("dl", { class: "facts" },
      h("dt", {}, t("receipt.unit")), h("dd", {}, report.unit.name),
      place && h("dt", {}, t("detail.where")), place && h("dd", {}, t("place.near", { place })),
      h("dt", {}, t("receipt.sent")), h("dd", {}, momentText(report.created_at)),
      ...due(report)),
    h("h3", {}, t("follow.history")),
    h("ol", { class: "timeline" }, history.map((step) =>
      h("li", {}, statusMark(step.to), h("strong", {}, t(`status.${step.to}`)), h("small", {}, momentText(step.at)), step.reason && h("p", {}, t(`reason.${step.reason}`))))));
}

/** What the police have time for, and until when. @param {any} report */
function due({ status, due: limits }) {
  if (!limits || !["new", "verifying"].includes(status)) return [];
  const [key, moment] = status === "new" ? ["follow.take_up", limits.take_up] : ["follow.verify", limits.verify];
  return [h("dt", {}, t(key)), h("dd", {}, momentText(moment))];
}
