// The page of an institution outside the police: what was passed on to it, where that is, and its answer. It opens by a link
// whose token stays in this tab alone, and leaves the address as soon as it is read.
import { announce, append, byId, fill, focusOn, h, icon } from "../lib/dom.js";
import { call } from "../lib/api.js";
import { dayText, language, loadLanguage, nameOf, preferredLanguage, store as remember, t, timeZone } from "../lib/i18n.js";
import { today } from "../lib/time.js";
import { caseCard } from "./case.js";

/** @typedef {import("../lib/state.js").Config} Config */
/** @typedef {"open" | "answered"} Status */

const TOKEN = "partner.token";
const LANGUAGE_NAMES = { pl: "Polski", en: "English", uk: "Українська" };
const LISTS = /** @type {const} */ (["open", "answered"]);

/** @type {Config} */
let config;
let drawing = 0;

/** Takes the token of `#token=…` out of the address. @returns {boolean} whether there was one */
function takeToken() {
  const token = new URLSearchParams(location.hash.replace(/^#\/?/, "")).get("token");
  if (token === null) return false;
  history.replaceState(null, "", location.pathname);
  sessionStorage.setItem(TOKEN, token);
  return true;
}

/** @param {"GET" | "POST"} method @param {string} path @param {unknown} [body] */
function ask(method, path, body) {
  return call(method, `/v1/partner/${path}`, { body, headers: { "Partner-Token": sessionStorage.getItem(TOKEN) ?? "" } });
}

/** @returns {Status} */
function status() {
  return location.hash === "#/answered" ? "answered" : "open";
}

async function draw() {
  const turn = (drawing += 1);
  const main = byId("content");
  delete document.body.dataset.drawn;
  if (sessionStorage.getItem(TOKEN) === null) {
    drawTools();
    said(main, "link", t("partner.no_link"), t("partner.no_link_text"));
  } else {
    const list = status();
    const [me, found] = await Promise.all([ask("GET", "me"), ask("GET", `cases?status=${list}`)]);
    if (turn !== drawing) return;
    drawTools();
    if (me.ok && found.ok) show(main, me.body, found.body, list);
    else drawRefusal(main, !me.ok ? me.refusal : !found.ok ? found.refusal : null);
  }
  document.title = `${main.querySelector("h1")?.textContent ?? ""} · ${t("partner.title")}`;
  document.body.dataset.drawn = status();
}

/** @param {HTMLElement} main @param {import("../lib/api.js").Refusal | null} refusal */
function drawRefusal(main, refusal) {
  const ended = refusal?.status === 401;
  if (ended) sessionStorage.removeItem(TOKEN);
  said(main, ended ? "link" : "wifi-off", t(ended ? "partner.ended" : "partner.failed"), ended ? refusal.detail : t("partner.failed_text"));
  if (!ended) append(main, [h("button", { type: "button", class: "button", onclick: () => void draw() }, icon("refresh-cw"), t("partner.again"))]);
}

/** @param {HTMLElement} main @param {string} symbol @param {string} title @param {string} text */
function said(main, symbol, title, text) {
  const heading = h("h1", {}, title);
  fill(main, h("div", { class: "notice" }, icon(symbol, "icon large"), heading, h("p", {}, text)));
  focusOn(heading);
}

/** @param {HTMLElement} main @param {any} me @param {any} found @param {Status} list */
function show(main, me, found, list) {
  const items = h("ul", { class: "partner-cases" });
  const further = h("button", { type: "button", class: "button big", hidden: true }, t("partner.further"));
  let cursor = "";
  /** @param {any} page */
  const more = (page) => {
    const cards = page.cases.map((/** @type {any} */ each) => h("li", {}, caseCard(each, config, answer)));
    append(items, cards);
    cursor = page.cursor ?? "";
    further.hidden = cursor === "";
    return cards;
  };
  further.addEventListener("click", async () => {
    const next = await ask("GET", `cases?status=${list}&cursor=${encodeURIComponent(cursor)}`);
    if (!next.ok) return announce(t("partner.failed_text"));
    focusOn(more(next.body)[0]?.querySelector("h2"));
  });
  const title = h("h1", {}, nameOf(me.partner.names));
  fill(main, title, h("p", { class: "hint" }, t("partner.lead"), " ", me.expires_at && t("partner.until", { day: dayText(today(new Date(me.expires_at), timeZone())) })),
    h("nav", { class: "partner-lists", "aria-label": t("partner.lists") }, LISTS.map((each) => h("a", { href: `#/${each}`, "aria-current": each === list ? "page" : null }, t(`partner.${each}`)))),
    found.cases.length === 0 ? h("div", { class: "notice" }, icon("check", "icon large"), h("h2", {}, t(`partner.none_${list}`))) : items, further);
  more(found);
}

/** @param {string} id @param {{ answer: string, text?: string, whose?: string }} body */
function answer(id, body) {
  return ask("POST", `cases/${encodeURIComponent(id)}/answer`, body);
}

function drawTools() {
  const select = h("select", { "aria-label": t("menu.language"), onchange: () => void speak(select.value) },
    config.languages.map((code) => h("option", { value: code, lang: code, selected: code === language() }, LANGUAGE_NAMES[/** @type {"pl"} */ (code)] ?? code)));
  const leave = sessionStorage.getItem(TOKEN) !== null && h("button", { type: "button", class: "button quiet square", "aria-label": t("partner.leave"), title: t("partner.leave"), onclick: () => {
    sessionStorage.removeItem(TOKEN);
    void draw();
  } }, icon("x"));
  fill(byId("tools"), select, leave);
}

/** @param {string} code */
async function speak(code) {
  if (!(await loadLanguage(code, config.zone, ["partner/"]))) return;
  remember("language", code);
  await draw();
}

async function start() {
  const found = await fetch("/config.json");
  if (!found.ok) throw new Error(`config: ${found.status}`);
  config = await found.json();
  takeToken();
  await loadLanguage(preferredLanguage(config.languages, config.default_language), config.zone, ["partner/"]);
  byId("skip").addEventListener("click", (event) => {
    // The fragment says which list is shown: a skip link must not change it.
    event.preventDefault();
    byId("content").focus();
  });
  addEventListener("hashchange", () => {
    takeToken();
    void draw();
  });
  await draw();
}

start().catch((error) => {
  console.error(error);
  document.body.dataset.failed = "true";
});
