// A unit's settings: where its alerts go, who hears of overdue cases, how many mails an hour; and a mail to try them.
import { announce, fill, focusOn, h, icon } from "../lib/dom.js";
import { momentText, t } from "../lib/i18n.js";
import { ask } from "./ask.js";
import { failed, queryOf, unitChoice, unitOf } from "./scope.js";
import { store } from "./store.js";

/**
 * @typedef {{ unit: import("./store.js").Unit, addresses: string[], flagged: { address: string, since: string, reason: string }[],
 *   escalation: { chief: string[] }, budget: { mails_per_hour: number }, version: number }} Settings
 */

/** The most mails within an hour that the API lets a unit have. */
const MOST_MAILS = 20;

/** @param {HTMLElement} main @param {import("./route.js").Route} route @param {() => boolean} current */
export async function drawUnit(main, route, current) {
  const unit = unitOf(route);
  const choice = unitChoice(route);
  const head = h("div", { class: "list-head" }, h("h1", {}, t("unit.title")), choice);
  if (unit === "") return fill(main, head, h("p", {}, t("scope.choose_first")));
  fill(main, head, h("p", { class: "loading", role: "status" }, t("console.loading")));
  const answer = await ask("GET", `unit?${queryOf({ unit })}`);
  if (!current()) return;
  if (!answer.ok) return failed(main, t("unit.title"), answer.refusal);
  const place = h("div", {});
  fill(main, head, place);
  show(place, unit, answer.body, "");
}

/** @param {HTMLElement} place @param {string} unit @param {Settings} now @param {string} said */
function show(place, unit, now, said) {
  const writes = store.may("unit_write");
  const addresses = addressList("addresses", t("unit.addresses"), t("unit.addresses_hint"), now.addresses, now, writes);
  const chief = addressList("chief", t("unit.chief"), t("unit.chief_hint"), now.escalation.chief, now, writes);
  const budget = h("input", { id: "budget", type: "number", inputmode: "numeric", min: 1, max: MOST_MAILS, value: now.budget.mails_per_hour, disabled: !writes, "aria-describedby": "budget-hint" });
  const problem = h("div", { class: "problem-place" });
  const save = h("button", { type: "submit", class: "button primary" }, icon("save"), t("unit.save"));
  const outcome = said !== "" && h("p", { class: "said", role: "status" }, icon("check"), said);
  /** @param {number} version */
  async function send(version) {
    save.disabled = true;
    const body = { addresses: addresses.values(), escalation: { chief: chief.values() }, budget: { mails_per_hour: Number(budget.value) }, version };
    const answer = await ask("PUT", `unit?${queryOf({ unit })}`, body);
    save.disabled = false;
    if (answer.ok) {
      announce(t("unit.saved"));
      return show(place, unit, answer.body, t("unit.saved"));
    }
    const { code, detail, errors, current } = answer.refusal;
    if (code === "conflict" && current) return differ(current);
    const lines = errors.length > 0 ? errors.map(({ field, message }) => h("p", {}, named(field), message)) : [h("p", {}, code === "offline" ? t("console.offline") : detail)];
    fill(problem, h("div", { class: "problem", role: "alert" }, icon("triangle-alert"), h("div", {}, lines)));
  }
  /** @param {string} field */
  function named(field) {
    const found = /^(addresses|escalation\.chief)\.(\d+)/.exec(field);
    if (found === null) return "";
    const list = found[1] === "addresses" ? addresses : chief;
    const input = list.element.querySelectorAll("input")[list.nth(Number(found[2]))];
    input?.setAttribute("aria-invalid", "true");
    return `${input?.value ?? ""}: `;
  }
  /** Somebody else has saved meanwhile: both states, and the choice. @param {Settings} current */
  function differ(current) {
    const line = (/** @type {string} */ title, /** @type {string[]} */ own, /** @type {string[]} */ heads, /** @type {number | string} */ mails) => h("div", {}, h("h3", {}, title),
      h("dl", { class: "facts" }, h("dt", {}, t("unit.addresses")), h("dd", {}, own.join(", ") || t("unit.none")), h("dt", {}, t("unit.chief")), h("dd", {}, heads.join(", ") || t("unit.none")), h("dt", {}, t("unit.budget")), h("dd", {}, String(mails))));
    const title = h("h2", {}, icon("triangle-alert"), t("unit.conflict"));
    fill(problem, h("section", { class: "conflict" }, title,
      h("div", { class: "both" }, line(t("unit.mine"), addresses.values(), chief.values(), budget.value), line(t("unit.theirs"), current.addresses, current.escalation.chief, current.budget.mails_per_hour)),
      h("div", { class: "row" }, h("button", { type: "button", class: "button primary", onclick: () => show(place, unit, current, t("unit.taken")) }, t("unit.take_theirs")),
        h("button", { type: "button", class: "button", onclick: () => void send(current.version) }, t("unit.keep_mine")))));
    focusOn(title);
  }
  const form = h("form", { class: "settings", novalidate: true, onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    fill(problem);
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    void send(now.version);
  } }, addresses.element, chief.element,
  h("section", { class: "part" }, h("h2", {}, h("label", { for: "budget" }, t("unit.budget"))), h("p", { class: "hint", id: "budget-hint" }, t("unit.budget_hint", { n: MOST_MAILS })), budget),
  problem, writes ? h("div", { class: "row" }, save) : h("p", { class: "hint" }, t("unit.read_only")));
  fill(place, h("p", { class: "lead" }, now.unit.name), outcome, flags(now), form, store.may("test_mail") && trial(unit));
  focusOn(said === "" ? null : place.querySelector(".said"));
}

/** @param {Settings} now */
function flags(now) {
  if (now.flagged.length === 0) return null;
  return h("section", { class: "allowance warn flags" }, icon("triangle-alert"), h("div", {}, h("h2", {}, t("unit.flagged", { n: now.flagged.length })),
    h("ul", {}, now.flagged.map(({ address, since, reason }) => h("li", {}, h("strong", {}, address), " ", t(`unit.flag_${reason}`, { when: momentText(since) })))), h("p", {}, t("unit.flagged_hint"))));
}

/** @param {string} name @param {string} title @param {string} hint @param {string[]} values @param {Settings} now @param {boolean} writes */
function addressList(name, title, hint, values, now, writes) {
  const list = h("ul", { class: "address-list" });
  const bad = new Set(now.flagged.map(({ address }) => address));
  const inputs = () => [...list.querySelectorAll("input")];
  /** @param {string} value */
  function line(value) {
    const input = h("input", { type: "email", value, autocomplete: "off", spellcheck: "false", disabled: !writes, "aria-label": t("unit.address"), "aria-describedby": `${name}-hint` });
    const row = h("li", {}, input, bad.has(value) && h("span", { class: "late-count" }, icon("triangle-alert"), t("unit.flag")),
      writes && h("button", { type: "button", class: "button quiet square", "aria-label": t("unit.remove", { address: value }), onclick: () => {
        row.remove();
        add?.focus();
      } }, icon("trash-2")));
    list.append(row);
    return input;
  }
  const add = writes ? h("button", { type: "button", class: "button", onclick: () => line("").focus() }, icon("plus"), t("unit.add")) : null;
  for (const value of values) line(value);
  const filled = () => inputs().filter((input) => input.value.trim() !== "");
  return {
    element: h("section", { class: "part", "aria-labelledby": `${name}-title` }, h("h2", { id: `${name}-title` }, title), h("p", { class: "hint", id: `${name}-hint` }, hint), list, add),
    values: () => filled().map((input) => input.value.trim()),
    /** Where the input of a sent address stands; empty ones were not sent. */
    nth: (/** @type {number} */ sent) => inputs().indexOf(filled()[sent]),
  };
}

/** @param {string} unit */
function trial(unit) {
  const outcome = h("p", { role: "status" });
  const button = h("button", { type: "button", class: "button", onclick: async () => {
    button.disabled = true;
    const answer = await ask("POST", "unit/test-mail", { unit });
    button.disabled = false;
    if (!answer.ok) return fill(outcome, answer.refusal.code === "offline" ? t("console.offline") : answer.refusal.detail);
    const { sent_to: sent, skipped } = answer.body;
    fill(outcome, sent.length > 0 ? t("unit.tried", { addresses: sent.join(", ") }) : t("unit.tried_nobody"), skipped.length > 0 && ` ${t("unit.skipped", { addresses: skipped.join(", ") })}`);
  } }, icon("mail"), t("unit.try"));
  return h("section", { class: "part" }, h("h2", {}, icon("mail"), t("unit.trial")), h("p", { class: "hint" }, t("unit.trial_hint")), button, outcome);
}
