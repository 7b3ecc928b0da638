// Where the button of an alert mail leads: the case's public facts and one button. Opening the page does nothing, for
// programs that look through mail open links too; only the button does. The link is good for one case and one unit.
import { call } from "../lib/api.js";
import { fill, focusOn, h, icon } from "../lib/dom.js";
import { momentText, t } from "../lib/i18n.js";
import { categoryIcon, categoryName, mark } from "./list.js";

/** The token as long as the page lives: it leaves the address bar, and so the device's history, as soon as it is read. */
let token = "";

/** @param {HTMLElement} main */
export async function drawTakeUp(main) {
  const named = location.hash.split("/")[2] ?? "";
  if (named !== "") {
    token = named;
    history.replaceState(null, "", `${location.pathname}#/przyjmij`);
  }
  const headers = { "Take-Up": token };
  fill(main, h("p", { class: "loading", role: "status" }, t("console.loading")));
  const answer = token === "" ? null : await call("GET", "/v1/police/take-up-link", { headers });
  if (answer === null || !answer.ok) {
    const offline = answer !== null && (answer.refusal.status === 0 || answer.refusal.status >= 500);
    return said(main, offline ? "wifi-off" : "mail", t(offline ? "takeup.offline_title" : "takeup.old_title"), t(offline ? "takeup.offline" : "takeup.old"));
  }
  const found = answer.body;
  if (!found.may_take_up) return said(main, "check", t("takeup.had_title"), t("takeup.had", { status: t(`status.${found.status}`) }));
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const button = h("button", { type: "button", class: "button primary big", onclick: () => void press() }, icon("flag"), t("takeup.do"));
  async function press() {
    button.disabled = true;
    const done = await call("POST", "/v1/police/take-up-link", { headers });
    button.disabled = false;
    if (done.ok) return said(main, "check", t("takeup.done_title"), t("takeup.done"));
    problem.textContent = done.refusal.code === "offline" ? t("takeup.offline") : done.refusal.detail;
    problem.hidden = false;
  }
  fill(main, h("article", { class: "login" }, h("h1", {}, t("takeup.title")),
    h("p", { class: "case-line" }, h("strong", {}, categoryIcon(found.category), categoryName(found.category)), h("span", { class: "badge" }, mark(found.status), t(`status.${found.status}`))),
    h("dl", { class: "facts" }, [["takeup.where", found.area_name], ["takeup.sent", found.created_at && momentText(found.created_at)], ["takeup.due", found.take_up_due_at && momentText(found.take_up_due_at)], ["takeup.unit", found.unit?.name]]
      .filter(([, value]) => value).flatMap(([key, value]) => [h("dt", {}, t(key)), h("dd", {}, value)])),
    h("p", {}, t("takeup.text")), problem, button, h("p", {}, h("a", { href: "#/cases" }, t("takeup.login")))));
  focusOn(main.querySelector("h1"));
}

/** @param {HTMLElement} main @param {string} symbol @param {string} title @param {string} text */
function said(main, symbol, title, text) {
  fill(main, h("div", { class: "notice login" }, icon(symbol, "icon large"), h("h1", {}, title), h("p", {}, text), h("a", { class: "button", href: "#/cases" }, t("takeup.login"))));
  focusOn(main.querySelector("h1"));
}
