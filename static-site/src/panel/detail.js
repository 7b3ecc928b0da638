// What one report says, in plain words; what a hexagon says comes when one is opened.
import { fill, focusOn, h, icon } from "../lib/dom.js";
import { dayText, language, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { viewStyles } from "../lib/styles.js";
import { categoryName, nearbyName, notice } from "./browse.js";
import { statusMark } from "./filters.js";

/** @typedef {import("../data/hexes.js").Hex} Hex */
/** @typedef {import("../map/paint.js").Point} Point */

function back() {
  return h("button", { type: "button", class: "button quiet back", onclick: () => state.go({ selected: null }) }, icon("arrow-left"), t("detail.back"));
}

/** @param {number} lat @param {number} lon */
export function actions(lat, lon) {
  const copied = h("span", { role: "status" });
  return h("div", { class: "row" },
    h("button", { type: "button", class: "button", onclick: () => { state.map?.show(lat, lon, 15); state.go({ view: "report", step: "" }); } }, icon("plus"), t("detail.report_here")),
    h("button", { type: "button", class: "button", onclick: () => void copyLink(copied) }, icon("link"), t("detail.share")), copied);
}

/** @param {HTMLElement} answer */
async function copyLink(answer) {
  try {
    await navigator.clipboard.writeText(location.href);
    answer.textContent = t("detail.copied");
  } catch {
    answer.textContent = location.href;
  }
}

/** @type {((hex: Hex) => import("../lib/dom.js").Child[]) | null} comes with the first hexagon that is opened */
let hexDetail = null;

/** What the visitor has begun to say of a case; it stays when the panel is drawn again. @type {{ key: string, place: HTMLElement } | null} */
let seeing = null;

/** @param {string} id */
function seenToo(id) {
  const key = `${language()}/${id}`;
  if (seeing?.key === key) return seeing.place;
  const place = h("div", { class: "seeing" });
  const button = h("button", { type: "button", class: "button", onclick: () => void begin() }, icon("users"), t("seen.too"));
  const begin = async () => {
    const [{ drawSeeing }] = await Promise.all([import("../views/seeing.js"), viewStyles()]);
    drawSeeing(place, id);
  };
  place.append(button);
  seeing = { key, place };
  return place;
}

/** What the visitor has asked about checks; it stays when the panel is drawn again. @type {{ key: string, place: HTMLElement } | null} */
let asked = null;

/** @param {string} id */
function whenChecked(id) {
  const key = `${language()}/${id}`;
  if (asked?.key === key) return asked.place;
  const place = h("div", { role: "status" });
  const ask = async () => (await import("../views/checked.js")).sayChecked(place, id);
  place.append(h("button", { type: "button", class: "button", onclick: () => void ask() }, t("checks.when")));
  asked = { key, place };
  return place;
}

/** @param {Point} point */
function pointDetail(point) {
  const category = state.category(point.category);
  const place = nearbyName(point.lat, point.lon);
  return [
    h("h1", {}, category && icon(category.icon, "icon large"), categoryName(point.category)),
    h("p", { class: "badge" }, statusMark(point.status), t(`status.${point.status}`)),
    h("p", {}, t(`status.${point.status}_means`, { days: category?.verify_days ?? 7 })),
    h("dl", { class: "facts" },
      h("dt", {}, t("detail.where")), h("dd", {}, t("place.near", { place })),
      h("dt", {}, t("detail.when")), h("dd", {}, dayText(point.day))),
    h("p", { class: "hint" }, t(category?.sensitivity === "vulnerable" ? "detail.coarse" : "detail.precise")),
    point.status !== "new" && whenChecked(point.id),
    seenToo(point.id),
    actions(point.lat, point.lon),
  ];
}

/** @param {HTMLElement} body @param {string} id cell or report */
export function drawDetail(body, id) {
  const hex = state.shown.hexes.find((item) => item.id === id);
  const point = state.shown.points.find((item) => item.id === id) ?? (state.linked?.id === id ? state.linked : undefined);
  const known = body.dataset.detail === id;
  // Nothing changes under the hands of somebody who is about to say something.
  if (known && seeing?.place.contains(document.activeElement)) return;
  if (!known) seeing = null;
  const waiting = state.shown.status === "loading" || !document.body.dataset.ready;
  // Whoever followed a link is led to its heading once there is one, and stays there when it is drawn again.
  const held = body.querySelector("h1") === document.activeElement;
  const drawn = point || (hex ? hexDetail : !waiting);
  body.dataset.detail = drawn ? id : "";
  if (hex && !point && !hexDetail) {
    Promise.all([import("../views/hexagon.js"), viewStyles()]).then(([module]) => {
      hexDetail = module.hexDetail;
      state.emit("shown");
    }, () => fill(body, back(), notice(t("state.failed_title"), t("state.failed"), "wifi-off")));
  }
  if (point) fill(body, back(), h("article", { class: "detail" }, pointDetail(point)));
  else if (hex && hexDetail) fill(body, back(), h("article", { class: "detail" }, hexDetail(hex)));
  else if (!drawn) fill(body, back(), h("p", { class: "loading", role: "status" }, t("state.loading")));
  else fill(body, back(), notice(t("detail.gone_title"), t("detail.gone"), "map"));
  if (!known) body.scrollTop = 0;
  if (!known || held) focusOn(body.querySelector("h1"));
}
