// One case: what is due, what was written, when it happens, what was done, and what may be done now.
import { announce, fill, focusOn, h, icon } from "../lib/dom.js";
import { momentText, t } from "../lib/i18n.js";
import { actsOf } from "./acts.js";
import { ask } from "./ask.js";
import { dueCell } from "./due.js";
import { openAct } from "./forms.js";
import { historyOf } from "./history.js";
import { categoryIcon, categoryName, lastList, mark, placeOf } from "./list.js";
import { conflictOf } from "./conflicts.js";
import { address } from "./route.js";
import { store } from "./store.js";
import { patternGrid, windowText } from "./windows.js";

/** @param {HTMLElement} main @param {string} id @param {() => boolean} current */
export async function drawCase(main, id, current) {
  fill(main, back(), h("p", { class: "loading", role: "status" }, t("console.loading")));
  const answer = await ask("GET", `reports/${encodeURIComponent(id)}`);
  if (!current()) return;
  if (answer.ok) store.cases.set(id, answer.body);
  const known = store.cases.get(id);
  if (!answer.ok && answer.refusal.status === 404) store.cases.delete(id);
  if (!answer.ok && (known === undefined || answer.refusal.status === 404)) {
    const row = answer.refusal.status !== 404 && store.kept?.rows.find((each) => each.id === id);
    if (row) return show(main, { ...row, partial: true }, null);
    const missing = answer.refusal.status === 404;
    fill(main, back(), h("div", { class: "notice" }, icon(missing ? "file-search" : "wifi-off", "icon large"), h("h1", {}, t(missing ? "case.missing" : "case.failed")), h("p", {}, t(missing ? "case.missing_text" : "case.failed_text"))));
    focusOn(main.querySelector("h1"));
    return;
  }
  show(main, known, null);
}

function back() {
  return h("a", { class: "button quiet back no-print", href: lastList }, icon("arrow-left"), t("case.back"));
}

/** @param {HTMLElement} main @param {any} found the case @param {string | null} said what has just happened */
export function show(main, found, said) {
  if (!found.partial && found.history === undefined) return gone(main, found, said);
  const again = (/** @type {any} */ next, /** @type {string} */ words) => {
    show(main, next ?? store.cases.get(found.id) ?? found, words);
    if (words) announce(words);
  };
  const acts = actsOf(found, (act) => openAct(act, found, again));
  const title = h("h1", { id: "case-title" }, categoryIcon(found.category), categoryName(found.category));
  const photos = Array.isArray(found.photos) ? found.photos : [];
  fill(main, back(),
    h("article", { class: "case", "aria-labelledby": "case-title", "data-id": found.id, "data-version": found.version, "data-status": found.status },
      h("header", { class: "case-head" }, title,
        h("p", { class: "case-line" }, h("span", { class: "badge" }, mark(found.status), t(`status.${found.status}`)),
          found.priority === 1 && h("span", { class: "urgent" }, t("priority.1")), h("span", {}, icon("map-pin"), placeOf(found)), h("span", {}, found.unit.short)),
        dueCell(found)),
      said && h("p", { class: "said", role: "status" }, icon("check"), said),
      conflictOf(found, again),
      found.partial && h("p", { class: "allowance warn" }, icon("cloud-off"), h("span", {}, t("case.partial"))),
      h("div", { class: "case-columns" },
        h("div", { class: "case-main" },
          !found.partial && words(found),
          photos.length > 0 && pictures(found),
          !found.partial && when(found),
          whereabouts(found),
          !found.partial && h("section", { class: "part" }, h("h2", {}, icon("history"), t("case.history")), historyOf(found))),
        acts)));
  focusOn(said ? main.querySelector(".said") : title);
  if (!found.partial) void drawPlace(main, found);
}

/** Another unit has it now, and the officer does not see that unit. @param {HTMLElement} main @param {{ unit: { name: string } }} found @param {string | null} said */
function gone(main, { unit }, said) {
  const title = h("h1", {}, t("case.gone"));
  fill(main, back(), said && h("p", { class: "said", role: "status" }, icon("check"), said),
    h("div", { class: "notice" }, icon("arrow-left-right", "icon large"), title, h("p", {}, t("case.gone_text", { unit: unit.name }))));
  focusOn(title);
}

/** @param {any} found */
function words(found) {
  const { question } = found;
  return h("section", { class: "part" }, h("h2", {}, icon("message-square"), t("case.words")),
    found.text === null ? h("p", { class: "hint" }, t(found.has_text ? "case.words_gone" : "case.words_none")) : h("blockquote", { class: "words" }, found.text),
    question && h("div", { class: "asked" }, h("h3", {}, t("case.question")), h("p", {}, question.text ?? t("case.words_gone"), h("small", {}, momentText(question.asked_at))),
      question.answered_at ? h("blockquote", { class: "words own" }, question.answer ?? t("case.words_gone")) : h("p", { class: "hint" }, t("case.no_answer"))));
}

/** Photos come when they are asked for: whoever looks is written down. @param {any} found */
function pictures(found) {
  return h("section", { class: "part no-print" }, h("h2", {}, icon("camera"), t("case.photos")), h("p", { class: "hint" }, t("case.photos_hint")),
    h("div", { class: "photos" }, found.photos.map((/** @type {{ slot: number, state: string }} */ photo) => {
      if (photo.state !== "stored") return h("p", { class: "hint" }, t(`case.photo_${photo.state}`, { n: photo.slot }));
      const place = h("figure", { class: "photo" });
      const button = h("button", { type: "button", class: "button", onclick: async () => {
        button.disabled = true;
        const answer = await ask("GET", `reports/${encodeURIComponent(found.id)}/photos/${photo.slot}?size=full`);
        button.disabled = false;
        if (answer.ok) fill(place, h("a", { href: answer.body.url, target: "_blank", rel: "noreferrer" }, h("img", { src: answer.body.url, alt: t("case.photo_alt", { n: photo.slot }) })));
        else fill(place, button, h("p", { class: "problem", role: "alert" }, answer.refusal.detail || t("console.offline")));
      } }, icon("camera"), t("case.photo_show", { n: photo.slot }));
      fill(place, button);
      return place;
    })));
}

/** @param {any} found */
function when(found) {
  return h("section", { class: "part" }, h("h2", {}, icon("clock"), t("case.when")),
    h("p", {}, found.occurred_at ? t("case.occurred", { when: momentText(found.occurred_at) }) : t("case.filed", { when: momentText(found.created_at) }), " ", t("case.sources", { n: found.sighted.sources })),
    found.sighted.pattern.length > 0 && patternGrid(found.sighted.pattern, found.suggested),
    found.suggested.length > 0 && h("div", { class: "suggested" }, h("h3", {}, icon("footprints"), t("case.suggested")),
      h("ol", {}, found.suggested.map((/** @type {any} */ each) => h("li", {}, h("strong", {}, windowText(each)), h("small", {}, each.why))))),
    found.checked.length > 0 && h("p", { class: "looked" }, icon("check"), t("case.looked", { when: found.checked.map(windowText).join("; ") })));
}

/** @param {any} found */
function whereabouts(found) {
  const { lat, lon } = found.location;
  return h("section", { class: "part" }, h("h2", {}, icon("map-pin"), t("case.where")),
    h("p", {}, placeOf(found), " ", h("small", {}, t("case.coordinates", { lat: lat.toFixed(5), lon: lon.toFixed(5) }))),
    !found.partial && h("div", { class: "case-map-frame small no-print" }, h("div", { class: "case-map", id: "case-map", role: "region", "aria-label": t("map.case") })),
    found.near?.length > 0 && h("div", {}, h("h3", {}, t("case.near")), h("ul", { class: "near" }, found.near.map((/** @type {any} */ other) =>
      h("li", {}, h("a", { href: address("case", other.id) }, mark(other.status), t("case.near_line", { n: Math.round(other.distance_m), status: t(`status.${other.status}`), when: momentText(other.created_at) })))))),
    found.merged_into && h("p", {}, h("a", { href: address("case", found.merged_into) }, t("case.merged_into"))),
    found.links?.public && h("p", { class: "no-print" }, h("a", { href: found.links.public }, t("case.public"))));
}

/** @param {HTMLElement} main @param {any} found */
async function drawPlace(main, found) {
  const element = main.querySelector("#case-map");
  if (!(element instanceof HTMLElement)) return;
  const { placeMap } = await import("./map.js");
  if (element.isConnected) await placeMap(element, found);
}
