// Starts the console: configuration and words, then the login, then whatever the address asks for.
import { append, byId, fill, focusOn, h, icon } from "../lib/dom.js";
import { language, loadLanguage, preferredLanguage, store as remember, t } from "../lib/i18n.js";
import { ask, provider } from "./ask.js";
import { drawCase } from "./case.js";
import { startKeys } from "./keys.js";
import { drawList } from "./list.js";
import { comeBack, hasLogin, leave, logOut, takeFromLink } from "./login.js";
import { flush } from "./outbox.js";
import { parseRoute } from "./route.js";
import { store } from "./store.js";

const RETRY_MS = 20_000;
const LANGUAGE_NAMES = { pl: "Polski", en: "English", uk: "Українська" };
const WORDS = ["police/"];

let drawing = 0;
/** The view that was drawn before: only another one takes the focus. */
let last = "";

async function draw() {
  const turn = (drawing += 1);
  const current = () => turn === drawing;
  const route = parseRoute(location.hash);
  const main = byId("content");
  document.body.dataset.view = route.view;
  delete document.body.dataset.drawn;
  document.querySelector("dialog")?.close();
  if (route.view === "przyjmij") {
    const { drawTakeUp } = await import("./takeup.js");
    await drawTakeUp(main);
  } else if (store.me === null) {
    drawLogin(main, "none");
  } else {
    drawNav(route.view);
    if (route.view === "case") await drawCase(main, route.id, current);
    else if (route.view === "card") await (await import("./card.js")).drawCard(main, route.id, current);
    else if (route.view === "figures") await (await import("./figures.js")).drawFigures(main, route, current);
    else if (route.view === "behind") await (await import("./behind.js")).drawBehind(main, route, current);
    else if (route.view === "plan") await (await import("./plan.js")).drawPlan(main, route, current);
    else if (route.view === "sheet") await (await import("./plan.js")).drawPlanSheet(main, route, current);
    else if (route.view === "unit") await (await import("./unit.js")).drawUnit(main, route, current);
    else if (route.view === "keys") (await import("./keys.js")).drawKeys(main);
    else await drawList(main, route, current);
  }
  if (!current()) return;
  if (last !== "" && last !== route.view && !main.contains(document.activeElement)) focusOn(main.querySelector("h1"));
  last = route.view;
  document.title = `${main.querySelector("h1")?.textContent ?? ""} · ${t("console.title")}`;
  document.body.dataset.drawn = route.view;
}

/** @param {string} view */
function drawNav(view) {
  const link = (/** @type {string} */ to, /** @type {string} */ symbol, /** @type {string[]} */ also = []) =>
    h("a", { href: `#/${to}`, "aria-current": view === to || also.includes(view) ? "page" : null }, icon(symbol), h("span", {}, t(`nav.${to}`)));
  fill(byId("nav"), link("cases", "clipboard-list", ["case", "card"]), store.may("figures") && link("plan", "footprints", ["sheet"]), store.may("figures") && link("figures", "chart-column", ["behind"]),
    store.may("unit_read") && link("unit", "settings"), link("keys", "keyboard"));
  byId("unit").textContent = store.me?.unit?.short ?? t("console.nation");
}

function drawTools() {
  const select = h("select", { "aria-label": t("menu.language"), onchange: () => void speak(select.value) },
    store.config.languages.map((code) => h("option", { value: code, lang: code, selected: code === language() }, LANGUAGE_NAMES[/** @type {"pl"} */ (code)] ?? code)));
  const dark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const theme = h("button", { type: "button", class: "button quiet square", "aria-label": t("console.theme"), title: t("console.theme"), onclick: () => {
    const next = dark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    remember("theme", next);
    drawTools();
    void draw();
  } }, icon(dark() ? "sun" : "moon"));
  fill(byId("tools"), select, theme, store.me !== null && h("button", { type: "button", class: "button quiet square", id: "log-out", "aria-label": t("console.log_out"), title: t("console.log_out"), onclick: leaveConsole }, icon("log-out")));
}

/** What has not been sent is lost with the logout: that is asked first. */
function leaveConsole() {
  const unsent = store.outbox.length;
  if (unsent === 0) return goOut();
  const dialog = h("dialog", { class: "deed-dialog", "aria-labelledby": "out-title" },
    h("header", {}, h("h2", { id: "out-title" }, t("console.log_out"))),
    h("div", { class: "deed-body" }, h("p", {}, t("console.log_out_unsent", { n: unsent }))),
    h("footer", {}, h("button", { type: "button", class: "button primary", onclick: () => dialog.close() }, t("console.stay")), h("button", { type: "button", class: "button", onclick: () => { dialog.close(); goOut(); } }, t("console.log_out_anyway"))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function goOut() {
  store.wipe();
  fill(byId("nav"));
  byId("unit").textContent = "";
  logOut(provider(), store.config.site_url || location.origin);
  drawTools();
  drawBanner();
  drawLogin(byId("content"), "out");
}

/** @param {HTMLElement} main @param {string} why */
function drawLogin(main, why) {
  const pool = provider();
  const title = h("h1", {}, t("login.title"));
  fill(main, h("div", { class: "login" }, icon("shield-check", "icon large"), title, why !== "none" && h("p", { class: "allowance", role: "status" }, t(`login.${why}`)),
    h("p", {}, t(pool ? "login.text" : "login.text_link")),
    pool && h("button", { type: "button", class: "button primary big", onclick: () => void leave(pool, store.config.site_url || location.origin, location.hash) }, icon("shield-check"), t("login.go")),
    h("p", { class: "hint" }, t("login.kept")), h("p", {}, h("a", { href: "/" }, t("login.public")))));
  document.body.dataset.drawn = "login";
  if (why !== "none") focusOn(title);
}

function drawBanner() {
  const waiting = store.outbox.filter(({ state }) => state === "waiting").length;
  const stuck = store.outbox.filter(({ state }) => state !== "waiting");
  const banner = byId("banner");
  fill(banner);
  if (store.offline) append(banner, [h("p", { class: "strip" }, icon("wifi-off"), h("span", {}, t("console.offline_strip")))]);
  if (waiting > 0) append(banner, [h("p", { class: "strip" }, icon("cloud-off"), h("span", {}, t("outbox.waiting", { n: waiting })), h("button", { type: "button", class: "button", onclick: () => void sendWaiting() }, t("outbox.send_now")))]);
  if (stuck.length > 0) append(banner, [h("p", { class: "strip stuck" }, icon("triangle-alert"), h("span", {}, t("outbox.stuck", { n: stuck.length })), stuck.map((deed) => h("a", { class: "button", href: `#/case/${deed.id}` }, deed.title)))]);
}

/** @param {string} code */
async function speak(code) {
  if (!(await loadLanguage(code, store.config.zone, WORDS))) return;
  remember("language", code);
  drawTools();
  drawBanner();
  await draw();
}

/** The officer whose token this is; without a network the one whose queue is kept here. */
async function enter() {
  if (!hasLogin()) return;
  const answer = await ask("GET", "me");
  if (answer.ok) {
    store.enter(answer.body);
    sessionStorage.setItem("police.me", JSON.stringify(answer.body));
  } else if (answer.refusal.status === 0 || answer.refusal.status >= 500) {
    const known = sessionStorage.getItem("police.me");
    if (known !== null) store.enter(JSON.parse(known));
  }
}

async function start() {
  const answer = await fetch("/config.json");
  if (!answer.ok) throw new Error(`config: ${answer.status}`);
  store.loaded = await answer.json();
  const { languages, default_language, zone, site_url } = store.config;
  await loadLanguage(preferredLanguage(languages, default_language), zone, WORDS);
  byId("skip").addEventListener("click", (event) => {
    // The fragment is the console's address: a skip link must not change it.
    event.preventDefault();
    byId("content").focus();
  });
  const pool = provider();
  if (!takeFromLink() && pool !== null) await comeBack(pool, site_url || location.origin);
  document.addEventListener("login-ended", () => {
    if (store.me === null || parseRoute(location.hash).view === "przyjmij") return;
    store.me = null;
    drawTools();
    drawLogin(byId("content"), "ended");
  });
  await enter();
  drawTools();
  drawBanner();
  store.addEventListener("outbox", drawBanner);
  store.addEventListener("network", () => {
    drawBanner();
    if (!store.offline) void sendWaiting();
  });
  addEventListener("hashchange", () => {
    // A link of `make officer` may be opened in a console that stands open.
    if (takeFromLink()) void enter().then(() => { drawTools(); return draw(); });
    else void draw();
  });
  addEventListener("online", () => void sendWaiting());
  startKeys();
  await draw();
  if (store.me !== null) void sendWaiting();
  setInterval(() => { if (store.me !== null && store.outbox.some(({ state }) => state === "waiting")) void sendWaiting(); }, RETRY_MS);
}

async function sendWaiting() {
  const before = store.outbox.length;
  await flush();
  if (store.outbox.length !== before || store.outbox.some(({ state }) => state === "conflict")) {
    if (document.querySelector("dialog") === null) await draw();
  }
}

start().catch((error) => {
  console.error(error);
  document.body.dataset.failed = "true";
});
