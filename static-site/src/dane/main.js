// Data and charts: what residents report, where, when, and what came of it. Everything comes from published files.
import { announce, byId, fill, focusOn, h, icon } from "../lib/dom.js";
import { loadLanguage, preferredLanguage, store, t } from "../lib/i18n.js";
import { startMenu } from "../lib/menu.js";
import { areasCard, kindsCard, monthsCard, patternCard } from "./charts.js";
import { controls } from "./controls.js";
import { Areas } from "./load.js";
import { downloads, method } from "./method.js";
import { guardedCard, outcomesCard, pacesCard, responseCard, tiles } from "./results.js";
import { COUNTRY, formatRoute, parseRoute } from "./route.js";
import { headline, viewOf } from "./view.js";
import { spanText } from "./words.js";

/** @typedef {import("../lib/state.js").Config} Config */
/** @typedef {import("./load.js").Area} Area */
/** @typedef {import("./route.js").Route} Route */

/** Before this nobody notices a wait, after it they want to know what for. */
const NOTICED_MS = 400;
const LONG_MS = 6000;

const areas = new Areas();
/** @type {Config} */
let config;
let drawing = 0;

/** An area and those around it, the country first. @param {string} code @returns {Promise<{ outcome: import("./load.js").Outcome, chain: Area[] }>} */
async function chainOf(code) {
  /** @type {Area[]} */
  const chain = [];
  for (let next = code; ; next = chain[0].parent ?? COUNTRY) {
    const { outcome, area } = await areas.area(next);
    if (area === null) return { outcome: chain.length > 0 ? "ready" : outcome, chain };
    chain.unshift(area);
    if (area.area === COUNTRY || chain.length > 4) return { outcome: "ready", chain };
  }
}

/** @param {number} turn */
function waiting(turn) {
  const main = byId("charts");
  const say = (/** @type {string} */ text) => {
    if (turn !== drawing) return;
    main.setAttribute("aria-busy", "true");
    byId("wait").textContent = text;
  };
  const timers = [setTimeout(say, NOTICED_MS, t("dane.loading")), setTimeout(say, LONG_MS, t("dane.slow"))];
  return () => {
    timers.forEach(clearTimeout);
    main.removeAttribute("aria-busy");
    byId("wait").textContent = "";
  };
}

async function draw() {
  const turn = (drawing += 1);
  const done = waiting(turn);
  const route = parseRoute(location.hash);
  const known = areas.manifest?.areas ? "ready" : await areas.refresh();
  const compared = route.other && "area" in route.other && route.other.area !== route.area ? route.other.area : null;
  const [own, other] = known === "ready" ? await Promise.all([chainOf(route.area), compared ? chainOf(compared) : null]) : [{ outcome: known, chain: [] }, null];
  if (turn !== drawing) return;
  done();
  const focused = document.activeElement?.id;
  // A country without a single report has no file: that is a beginning, not a mistake in the address.
  if (own.outcome !== "ready") said(own.outcome === "missing" && route.area === COUNTRY ? "empty" : own.outcome, route);
  else if (other && other.outcome !== "ready") said(other.outcome, { ...route, area: compared ?? "" }, { ...route, other: null });
  else show(route, own.chain, other?.chain ?? []);
  // Drawing anew must not take the place away from whoever goes by keys.
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  document.title = `${byId("charts").querySelector("h1")?.textContent ?? ""} · ${t("app.name")}`;
  document.body.dataset.drawn = own.outcome === "ready" && (!other || other.outcome === "ready") ? formatRoute(route) : own.outcome;
}

/** @param {Route} route @param {Area[]} chain @param {Area[]} otherChain */
function show(route, chain, otherChain) {
  const area = chain[chain.length - 1];
  const go = (/** @type {Partial<Route>} */ change) => {
    location.hash = formatRoute({ ...route, ...change });
  };
  const view = viewOf({ config, manifest: /** @type {import("./load.js").Manifest} */ (areas.manifest), route, area, other: otherChain[otherChain.length - 1] ?? null });
  const title = headline(view);
  const { span } = view.a;
  const places = areasCard(view);
  const cards = view.guarded ? guardedCard(view) : [monthsCard(view), ...(places ? pair([kindsCard(view), patternCard(view)], [places, outcomesCard(view)]) : pair([kindsCard(view)], [patternCard(view), outcomesCard(view)])),
    responseCard(view), ...pair([pacesCard(view)], [guardedCard(view)])];
  const period = view.guarded ? t("dane.guarded") : spanText(area.months, span);
  fill(byId("charts"), h("header", { class: "head" }, h("div", {}, h("p", { class: "kicker" }, t("dane.title")), h("h1", { tabindex: -1 }, title), h("p", { class: "lead" }, h("span", {}, period), h("strong", {}, t("dane.honest")))), share()),
    controls({ route, config, chain, otherChain, span, guarded: view.guarded, go }),
    route.category !== view.category && h("p", { class: "allowance warn" }, icon("info"), t("dane.unknown_kind")),
    route.other !== null && view.b === null && !view.guarded && h("p", { class: "allowance warn" }, icon("info"), t("dane.not_compared")),
    !view.guarded && tiles(view), h("div", { class: "cards" }, cards), method(), downloads(areas.manifest, config, area.level === "powiat" ? areas.feed(area.area) : null));
  announce(`${title}. ${period}`);
}

/** Two columns on a desk; one that would be empty leaves its place to the other. @param {...(HTMLElement | null)[]} columns */
function pair(...columns) {
  const filled = columns.map((cards) => cards.filter((each) => each !== null)).filter((cards) => cards.length > 0);
  return filled.map((cards) => h("div", { class: filled.length > 1 ? "column-cards" : "column-cards wide" }, cards));
}

function share() {
  const button = h("button", { type: "button", class: "button", onclick: async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      announce(t("dane.copied"));
      fill(button, icon("check"), t("dane.copied"));
    } catch {
      // Where the clipboard is closed to pages, the address bar holds the same.
      fill(button, icon("link"), t("dane.copy_yourself"));
    }
  } }, icon("link"), t("dane.share"));
  return button;
}

/** @param {Exclude<import("./load.js").Outcome, "ready">} outcome @param {Route} route @param {Route} [back] where there is something to see */
function said(outcome, route, back = { ...route, area: COUNTRY, other: null }) {
  const title = h("h1", { tabindex: -1 }, t(`dane.${outcome}`));
  const symbol = { empty: "clock", missing: "search", failed: "wifi-off" }[outcome];
  fill(byId("charts"), h("div", { class: "notice" }, icon(symbol, "icon large"), title, h("p", {}, t(`dane.${outcome}_text`, { area: route.area })),
    outcome === "failed" && h("button", { type: "button", class: "button primary", onclick: () => void draw() }, icon("refresh-cw"), t("dane.again")),
    outcome === "missing" && h("a", { class: "button primary", href: formatRoute(back) }, t("dane.to_country"))),
  method(), downloads(areas.manifest, config));
  focusOn(title);
}

/** @param {string} code */
async function speak(code) {
  if (!(await loadLanguage(code, config.zone, ["dane/"]))) return;
  store("language", code);
  await draw();
}

async function start() {
  const answer = await fetch("/config.json");
  if (!answer.ok) throw new Error(`config: ${answer.status}`);
  config = await answer.json();
  await loadLanguage(preferredLanguage(config.languages, config.default_language), config.zone, ["dane/"]);
  startMenu(config.languages, speak);
  byId("skip").addEventListener("click", (event) => {
    // The fragment says what is shown: a skip link must not change it.
    event.preventDefault();
    byId("charts").focus();
  });
  addEventListener("hashchange", () => void draw());
  addEventListener("online", () => { if (document.body.dataset.drawn === "failed") void draw(); });
  await draw();
}

start().catch((error) => {
  console.error(error);
  document.body.dataset.failed = "true";
});
