// Where the links of mails lead: to confirm or to end a subscription. Opening the page does nothing, for programs that look
// through mail open links too; only the button does.
import { call } from "../lib/api.js";
import { backToMap, fill, focusOn, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { notice } from "../panel/browse.js";
import { setSheet } from "../panel/sheet.js";

/** The token as long as the page lives: the view is drawn again when the language changes. */
let held = /** @type {string | null} */ (null);

const ROUTES = { confirm: "confirm", leave: "unsubscribe" };

/** @param {HTMLElement} body @param {HTMLElement} foot */
export function drawSubscription(body, foot) {
  setSheet("full");
  fill(foot);
  const { step } = state.route;
  held = state.route.token ?? held;
  const token = held;
  const act = step === "leave" ? "leave" : "confirm";
  if (token === null) {
    show(body, notice(t("subscription.missing_title"), t("subscription.missing"), "mail", again()));
    return;
  }
  // The token leaves the address bar, and so the history of the device, as soon as it is read.
  if (state.route.token !== null) state.go({ token: null }, { replace: true, quiet: true });
  const button = h("button", { type: "button", class: "button primary big", onclick: () => void press(token) }, icon(act === "confirm" ? "check" : "x"), t(`subscription.${act}_do`));
  const problem = h("p", { class: "problem", role: "alert", hidden: true });

  /** @param {string} code */
  async function press(code) {
    button.disabled = true;
    problem.hidden = true;
    const answer = await call("POST", `/v1/subscriptions/${encodeURIComponent(code)}/${ROUTES[act]}`);
    if (answer.ok || [404, 410].includes(answer.refusal.status)) held = null;
    if (answer.ok) {
      show(body, notice(t(`subscription.${act}_done_title`), t(`subscription.${act}_done`), "check"));
    } else if ([404, 410].includes(answer.refusal.status)) {
      show(body, notice(t("subscription.old_title"), t("subscription.old"), "mail", again()));
    } else {
      button.disabled = false;
      problem.textContent = answer.refusal.code === "offline" ? t("subscribe.offline") : answer.refusal.detail;
      problem.hidden = false;
    }
  }
  fill(body, h("article", { class: "subscription" }, backToMap(t("report.leave")),
    h("h1", {}, t(`subscription.${act}_title`)), h("p", {}, t(`subscription.${act}`)), problem, button,
    act === "confirm" && h("p", { class: "hint below" }, t("subscribe.leave_any_time"))));
  focusOn(body.querySelector("h1"));
}

function again() {
  return h("a", { class: "button", href: "#/subscribe" }, icon("mail"), t("subscription.again"));
}

/** @param {HTMLElement} body @param {Node} what */
function show(body, what) {
  fill(body, backToMap(t("report.leave")), what);
  focusOn(body.querySelector("h2"));
}
