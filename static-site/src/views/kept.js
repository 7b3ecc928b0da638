// What is kept on this device: every thing by itself, until when, and a way to delete it.
import { announce, backToMap, fill, focusOn, h, icon } from "../lib/dom.js";
import { momentText, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { dropPage, keepPage, mayKeep, setKeeping } from "../offline/start.js";
import { onKept, read, update } from "../offline/store.js";
import { categoryName } from "../panel/browse.js";
import { setSheet } from "../panel/sheet.js";
import { accepted, discard, draft, forgetAccepted, isBegun, isKept, resume, show } from "../report/draft.js";
import { refusalWords } from "../report/submit.js";

/** @typedef {import("../lib/dom.js").Child} Child */
/** @typedef {import("../offline/store.js").Kept} Kept */

const SETTINGS = ["language", "theme"];

/** @type {HTMLElement | null} the list as it is shown now */
let shown = null;
/** Counting what is stored while it is being deleted would bring its empty stores back. */
let deleting = false;
onKept(() => {
  if (!deleting && shown?.isConnected && state.route.view === "kept") void list(shown);
});

/** @param {string} name */
function local(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} symbol @param {string} text @param {() => unknown} act */
function deed(symbol, text, act) {
  return h("button", { type: "button", class: "button", onclick: () => void act() }, icon(symbol), text);
}

/** Deletes at the second press, because nothing brings it back. @param {string} what @param {() => unknown} act */
function remover(what, act) {
  const word = h("span", {}, t("device.delete"));
  let asked = false;
  return h("button", {
    type: "button", class: "button", "aria-label": `${t("device.delete")}: ${what}`,
    onclick: async (/** @type {MouseEvent} */ event) => {
      if (!asked) {
        asked = true;
        word.textContent = t("device.sure");
        /** @type {HTMLElement} */ (event.currentTarget).setAttribute("aria-label", `${t("device.sure")}: ${what}`);
        announce(t("device.sure"));
        return;
      }
      deleting = true;
      await act();
      deleting = false;
      announce(t("device.deleted"));
      if (shown !== null) await list(shown);
      focusOn(document.querySelector("#panel-body h1"));
    },
  }, icon("trash-2"), word);
}

/** @param {string} title @param {Child[]} facts @param {...Child} deeds */
function thing(title, facts, ...deeds) {
  return h("li", { class: "candidate" }, h("h2", {}, title), facts.filter(Boolean).map((fact) => h("p", {}, fact)), h("div", { class: "row" }, deeds));
}

/** @param {Kept} kept */
function reports({ report }) {
  const problem = h("p", { role: "alert" });
  const go = async () => {
    if (await resume()) state.go({ view: "report", step: "summary" });
    else problem.textContent = t("device.tab_first");
  };
  const stop = () => update((kept) => ({ ...kept, report: kept.report && { ...kept.report, send: false } }));
  const remove = () => (report !== null && report.draft.key === draft.key ? discard() : update((kept) => ({ ...kept, report: null })));
  return [
    report && thing(t("device.report"), [
      report.draft.category && h("strong", {}, categoryName(report.draft.category)),
      report.refusal && t("device.refused", { why: refusalWords(report.refusal) }),
      report.send && t("waiting.waits"),
      report.photos.length > 0 && t("device.photos", { n: report.photos.length }),
      t("kept.until", { when: momentText(new Date(report.until)) }), problem,
    ], deed("pencil", t("device.open"), go), report.send && deed("x", t("device.stop"), stop), remover(t("device.report"), remove)),
    isBegun() && !isKept() && thing(t("device.tab_report"), [draft.category && h("strong", {}, categoryName(draft.category)), t("device.tab")],
      h("a", { class: "button", href: "#/report/summary" }, icon("pencil"), t("device.open")), remover(t("device.tab_report"), discard)),
  ];
}

/** @param {Kept} kept */
function codes({ sent }) {
  const open = (/** @type {any} */ answer) => {
    show(answer);
    state.go({ view: "report", step: "done" });
  };
  const here = accepted !== null && !sent.some(({ answer }) => answer.receipt === accepted.receipt);
  return [
    ...sent.map(({ key, answer, until, photos, lost }) => thing(t("device.code"), [
      h("strong", {}, categoryName(answer.category)), t("device.sent", { when: momentText(answer.created_at) }),
      photos.length > 0 && t("device.photos_follow", { n: photos.length }), lost && t("device.photos_lost", { why: lost }),
      t("kept.until", { when: momentText(new Date(until)) }),
    ], deed("file-search", t("waiting.show_code"), () => open(answer)),
    remover(t("device.code"), () => update((kept) => ({ ...kept, sent: kept.sent.filter((each) => each.key !== key) }))))),
    here && thing(t("device.code"), [h("strong", {}, categoryName(accepted.category)), t("device.tab")],
      deed("file-search", t("waiting.show_code"), () => open(accepted)), remover(t("device.code"), forgetAccepted)),
  ];
}

function settings() {
  const chosen = SETTINGS.filter((name) => local(name) !== null);
  return chosen.length > 0 && thing(t("device.settings"), [chosen.map((name) => t(`menu.${name}`)).join(", ")],
    remover(t("device.settings"), () => chosen.forEach((name) => localStorage.removeItem(name))));
}

/** @returns {Promise<{ files: number, at: string | null }>} how much of the page and its data is stored, and from when the data are */
async function stored() {
  try {
    let files = 0;
    for (const name of await caches.keys()) files += (await (await caches.open(name)).keys()).length;
    return { files, at: (await caches.match("/data/manifest.json"))?.headers.get("Kept-At") ?? null };
  } catch {
    return { files: 0, at: null };
  }
}

async function page() {
  const { files, at } = await stored();
  const keeps = mayKeep();
  if (!state.config.offline) return null;
  const change = async (/** @type {boolean} */ on) => {
    setKeeping(on);
    await (on ? keepPage() : dropPage());
    if (shown !== null) await list(shown);
  };
  return thing(t("device.page"), [
    files > 0 ? t("device.files", { n: files }) : t("device.no_files"),
    at && t("device.files_from", { when: momentText(at) }), !keeps && t("device.never"),
  ], keeps ? remover(t("device.page"), () => change(false)) : deed("download", t("device.keep_page"), () => change(true)));
}

function others() {
  /** @type {string[]} */
  let names = [];
  try {
    names = Object.keys(localStorage);
  } catch {
    // Then nobody has kept anything.
  }
  return [
    thing(t("device.cookie"), [t("device.cookie_text")]),
    names.some((name) => name.startsWith("police.")) && thing(t("device.police"), [t("device.police_text")]),
  ];
}

/** @param {HTMLElement} place */
async function list(place) {
  const kept = await read();
  const things = [...reports(kept), ...codes(kept), settings(), await page(), ...others()];
  fill(place, things);
}

async function removeAll() {
  await update(() => ({ report: null, sent: [] }));
  await discard();
  forgetAccepted();
  for (const name of SETTINGS) if (local(name) !== null) localStorage.removeItem(name);
  setKeeping(false);
  await dropPage();
}

/** @param {HTMLElement} body @param {HTMLElement} foot */
export async function drawKept(body, foot) {
  setSheet("full");
  const place = h("ul", { class: "candidates", id: "kept-list" });
  shown = place;
  fill(body, h("article", { class: "prose" },
    backToMap(t("report.leave")), h("h1", {}, t("device.title")), h("p", {}, t("device.lead")), place,
    h("div", { class: "row deed" }, remover(t("device.all"), removeAll), h("span", {}, t("device.all")))));
  fill(foot);
  focusOn(body.querySelector("h1"));
  await list(place);
}
