// Starts the page: configuration and language first, then the panel; the live map comes when the first view stands.
import { call } from "./lib/api.js";
import { byId, fill, h, icon } from "./lib/dom.js";
import { loadLanguage, nameOf, preferredLanguage, store, t } from "./lib/i18n.js";
import { startMenu } from "./lib/menu.js";
import { state } from "./lib/state.js";
import { loadSheet, viewStyles } from "./lib/styles.js";
import { closeFilters, drawBrowse, loadNames, openFilters } from "./panel/browse.js";
import { drawDetail } from "./panel/detail.js";
import { placeSearch } from "./panel/search.js";
import { filterCount } from "./panel/filters.js";
import { setSheet, sheetHeight, startSheet } from "./panel/sheet.js";

const REFRESH_MS = 120_000;
/** Views in which somebody reads their case or fills something in. They are drawn once: what comes later must not begin them anew. */
const HELD = ["report", "follow", "subscription"];

/** Only the newest drawing may touch the panel: views come by import, and may arrive late. */
let drawing = 0;
/** What the panel showed before. */
let last = "";

async function draw() {
  const turn = (drawing += 1);
  const { view, step, selected } = state.route;
  // Links of old go on to lead to the data.
  if (view === "data") return location.replace("/dane/");
  const [body, foot] = [byId("panel-body"), byId("panel-foot")];
  Object.assign(document.body.dataset, { view, step });
  document.body.toggleAttribute("data-picking", view === "report" && step === "where");
  for (const link of document.querySelectorAll("[data-nav]")) {
    if (link.getAttribute("data-nav") === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (view !== "map" || selected === null) delete body.dataset.detail;
  if (view === "map") {
    drawMapFoot(foot);
    countFilters();
    if (selected === null) drawBrowse(body);
    else drawDetail(body, selected);
    settleSheet(selected !== null);
  } else {
    closeFilters();
    last = view;
    const [open] = await Promise.all([opener(view), viewStyles()]);
    if (turn !== drawing) return;
    open(body, foot);
  }
  state.map?.setPicking(document.body.hasAttribute("data-picking"));
  document.body.dataset.drawn = step ? `${view}/${step}` : view;
}

/** @param {Exclude<import("./lib/route.js").View, "map" | "data">} view */
async function opener(view) {
  if (view === "report") return (await import("./report/flow.js")).drawReport;
  if (view === "follow") return (await import("./views/follow.js")).drawFollow;
  if (view === "subscribe") return (await import("./views/subscribe.js")).drawSubscribe;
  if (view === "subscription") return (await import("./views/subscription.js")).drawSubscription;
  if (view === "kept") return (await import("./views/kept.js")).drawKept;
  if (view === "privacy") return (await import("./views/privacy.js")).drawPrivacy;
  return (await import("./views/about.js")).drawAbout;
}

/**
 * The sheet opens for a detail and folds again when another view is left; else it stays as the visitor put it.
 * @param {boolean} detail
 */
function settleSheet(detail) {
  if (detail && sheetHeight() !== "full") setSheet("half");
  else if (!detail && last !== "list") setSheet("peek");
  last = detail ? "detail" : "list";
}

/** @param {HTMLElement} foot */
function drawMapFoot(foot) {
  fill(foot, h("a", { class: "button primary big", href: "#/report" }, icon("plus"), t("report.start")));
}

function countFilters() {
  const [button, count] = [document.querySelector(".filter-button"), filterCount()];
  if (count > 0) button?.setAttribute("data-count", String(count));
  else button?.removeAttribute("data-count");
}

function drawTools() {
  /** @param {string} symbol @param {string} label @param {() => void} act */
  const tool = (symbol, label, act) => h("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick: act }, icon(symbol));
  fill(byId("map-tools"),
    tool("plus", t("map.closer"), () => state.map?.map.zoomIn()),
    tool("minus", t("map.farther"), () => state.map?.map.zoomOut()),
    "geolocation" in navigator && tool("locate-fixed", t("map.locate"), () => navigator.geolocation.getCurrentPosition(({ coords }) => state.map?.show(coords.latitude, coords.longitude, 14), () => {})));
  fill(byId("search"), placeSearch({
    label: t("search.label"), placeholder: t("search.placeholder"), pick: ({ lat, lon, tier }) => state.map?.show(lat, lon, tier > 2 ? 13 : 12),
  }), h("button", { type: "button", class: "filter-button", "aria-label": t("filter.open"), onclick: openFilters }, icon("sliders-horizontal")));
}

/** The crosshair and its buttons, drawn when a place is first asked for. */
async function drawCrosshair() {
  const { directions } = await import("./report/where.js");
  document.querySelector(".crosshair")?.remove();
  document.querySelector(".directions")?.remove();
  document.querySelector(".map-frame")?.append(h("div", { class: "crosshair", "aria-hidden": "true" }, icon("crosshair")), directions());
}

/** @param {string} code */
async function speak(code) {
  if (!(await loadLanguage(code, state.config.zone))) return;
  store("language", code);
  drawTools();
  if (document.querySelector(".crosshair")) await drawCrosshair();
  closeFilters();
  state.emit("language");
  await draw();
}

async function refreshData() {
  const { outcome, changed } = await state.published.refresh();
  if (outcome !== "ready" && state.published.manifest === null) state.shown = { ...state.shown, status: outcome };
  if (changed) state.emit("published");
  else state.emit("shown");
}

async function startMap() {
  const { LiveMap } = await import("./map/live.js");
  await loadSheet(new URL(import.meta.resolve("leaflet")).pathname.replace(/\.js$/, ".css"), "prepend");
  state.map = new LiveMap(byId("map"));
  document.body.dataset.map = "live";
  state.emit("live");
  state.on("shown", () => { if (state.route.view === "map") void draw(); });
  await Promise.all([state.map.loadScenery(), loadNames(), drawCrosshair()]);
  state.map.setPicking(document.body.hasAttribute("data-picking"));
  await showLinked();
  await state.map.load();
  document.body.dataset.ready = "true";
  if (!HELD.includes(state.route.view)) await draw();
}

/** A link to a report names no place: the API knows it, as it does for whoever follows the report. */
async function showLinked() {
  const { selected, zoom } = state.route;
  if (selected === null || zoom !== null || state.map === null) return;
  if (state.map.showCell(selected)) return;
  const answer = await call("GET", `/v1/reports/${selected}`);
  if (!answer.ok) return;
  const { id, category, status, created_day, location: place } = answer.body;
  state.linked = { id, category, status, day: created_day, lat: place.lat, lon: place.lon };
  state.map.show(place.lat, place.lon, 16);
}

async function start() {
  const answer = await fetch("/config.json");
  if (!answer.ok) throw new Error(`config: ${answer.status}`);
  state.loadedConfig = await answer.json();
  const { languages, default_language, zone, names } = state.config;
  await loadLanguage(preferredLanguage(languages, default_language), zone);
  document.title = `${t("app.name")} · ${nameOf(names)}`;
  startMenu(state.config.languages, speak, () => state.emit("theme"));
  startSheet();
  drawTools();
  state.on("route", () => void draw());
  addEventListener("hashchange", () => state.followAddress());
  addEventListener("online", () => void refreshData());
  document.addEventListener("reload-data", () => void refreshData());
  await draw();
  const data = refreshData();
  const { drawNotice } = await import("./panel/announced.js");
  void drawNotice();
  state.on("language", () => void drawNotice());
  await startMap();
  await data;
  // Nothing that the page shows waits for what makes it last.
  void import("./offline/start.js").then(({ startOffline }) => startOffline());
  setInterval(() => { if (!document.hidden) void Promise.all([refreshData(), drawNotice()]); }, REFRESH_MS);
}

start().catch((error) => {
  // Nothing of ours may be translated yet: the page's own words stay, and the reason goes to the console.
  console.error(error);
  document.body.dataset.failed = "true";
});

