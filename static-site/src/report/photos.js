// Photos: chosen with the details, sent only after the report is in, straight to the store. What becomes of a photo
// never touches the report.
import { call } from "../lib/api.js";
import { announce, fill, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { cover } from "./cover.js";
import { isKept, keepPhotos, takePhotos, whenSent } from "./draft.js";
import { file, painted } from "./picture.js";
import { upload } from "./upload.js";

/** @typedef {"chosen" | "sending" | "checking" | "stored" | "failed" | "rejected"} State */
/** @typedef {{ canvas: HTMLCanvasElement, state: State, slot: number | null, reason: string }} Photo */

const MOST = 3;
const TYPES = "image/jpeg,image/png,image/webp";
/** How long to look, after an upload, whether the clean copy is there: it usually is within seconds. */
const LOOKS_MS = [1_000, 2_000, 3_000, 5_000, 8_000, 13_000];

/** @type {Photo[]} kept as long as the page is: a picture is no word that could not be chosen again */
let photos = [];

/** @param {Photo[]} list @returns {Photo[]} */
function unsent(list) {
  return list.filter(({ state }) => state === "chosen" || state === "failed");
}

/** The report that they belong to has been followed to its end. */
export function forget() {
  photos = [];
}
whenSent(forget);

/** Photos that were kept with the draft are there again. */
async function restore() {
  for (const picture of takePhotos()) {
    const canvas = await painted(picture).catch(() => null);
    if (canvas !== null) photos.push({ canvas, state: "chosen", slot: null, reason: "" });
  }
}

/** @returns {Promise<Blob[]>} the photos that have still to be sent, as they will be */
export async function files() {
  await restore();
  return Promise.all(unsent(photos).map(({ canvas }) => file(canvas)));
}

/** The part of the details that asks for photos. @param {string | null} receipt with it, photos can be sent at once */
export function photoField(receipt = null) {
  const list = h("ul", { class: "photos" });
  const problem = h("p", { class: "hint", role: "status" });
  const input = h("input", { type: "file", accept: TYPES, multiple: true, class: "hidden", tabindex: -1, "aria-hidden": "true", onchange: () => void add() });
  const choose = h("button", { type: "button", class: "button", onclick: () => input.click() }, icon("camera"), t("photo.add"));
  const go = h("button", { type: "button", class: "button primary", onclick: () => void sendAll() }, t("photo.send"));

  async function add() {
    const chosen = [...(input.files ?? [])];
    input.value = "";
    const room = MOST - photos.length;
    problem.textContent = t("photo.preparing");
    let unreadable = 0;
    for (const one of chosen.slice(0, room)) {
      try {
        photos.push({ canvas: await painted(one), state: "chosen", slot: null, reason: "" });
      } catch {
        unreadable += 1;
      }
    }
    problem.textContent = unreadable > 0 ? t("photo.unreadable") : chosen.length > room ? t("photo.too_many") : "";
    changed();
  }

  /** @param {Photo} photo @param {number} place */
  function row(photo, place) {
    const name = t("photo.name", { n: place + 1 });
    const mayChange = photo.state === "chosen" || photo.state === "failed";
    photo.canvas.setAttribute("role", "img");
    photo.canvas.setAttribute("aria-label", name);
    return h("li", {}, photo.canvas, h("div", { class: "grow" },
      h("strong", {}, name), (receipt !== null || photo.state !== "chosen") && h("p", { class: "hint" }, t(`photo.${photo.state}`), " ", photo.reason),
      mayChange && h("div", { class: "row" },
        h("button", { type: "button", class: "button", "aria-label": `${t("photo.cover")}: ${name}`, onclick: () => void cover(photo.canvas).then(changed) }, t("photo.cover")),
        h("button", { type: "button", class: "button", "aria-label": `${t("photo.remove")}: ${name}`, onclick: () => remove(photo) }, icon("trash-2"), t("photo.remove")))));
  }

  /** @param {Photo} photo */
  function remove(photo) {
    photos = photos.filter((other) => other !== photo);
    changed();
    announce(t("photo.removed"));
    choose.focus();
  }

  /** What is kept with the draft follows what was chosen. */
  function changed() {
    draw();
    if (receipt === null && isKept()) void files().then(keepPhotos);
  }

  function draw() {
    fill(list, photos.map(row));
    choose.hidden = photos.length >= MOST;
    go.hidden = receipt === null || unsent(photos).length === 0;
    go.textContent = t(photos.some(({ state }) => state === "failed") ? "photo.again" : "photo.send");
  }

  async function sendAll() {
    const leaving = (/** @type {Event} */ event) => event.preventDefault();
    addEventListener("beforeunload", leaving);
    go.disabled = true;
    for (const photo of unsent(photos)) {
      problem.textContent = t("photo.progress", { n: photos.indexOf(photo) + 1, of: photos.length });
      await sendOne(photo, receipt ?? "");
      draw();
    }
    removeEventListener("beforeunload", leaving);
    go.disabled = false;
    problem.textContent = t(unsent(photos).length > 0 ? "photo.some_failed" : "photo.all_sent");
    draw();
    await look(receipt ?? "", draw);
    if (photos.every(({ state }) => state === "stored")) problem.textContent = t("photo.all_stored");
    else if (photos.some(({ state }) => state === "checking")) problem.textContent = t("photo.still_checked");
  }

  draw();
  void restore().then(() => {
    draw();
    if (receipt !== null && unsent(photos).length > 0) void sendAll();
  });
  return h("section", { class: "photo-field no-print", "aria-labelledby": "photo-title" },
    h("h2", { id: "photo-title" }, t(receipt === null ? "photo.title" : "photo.title_after")),
    h("p", { class: "hint" }, t(receipt === null ? "photo.hint" : "photo.hint_after")), list, problem, h("div", { class: "row" }, choose, go), input);
}

/** @param {Photo} photo @param {string} receipt */
async function sendOne(photo, receipt) {
  photo.state = "sending";
  photo.reason = "";
  try {
    const done = await upload(await file(photo.canvas), receipt);
    photo.state = "slot" in done ? "checking" : "failed";
    if ("slot" in done) photo.slot = done.slot;
    else photo.reason = done.refusal.detail || done.refusal.title;
  } catch {
    photo.state = "failed";
  }
}

/** Looks what became of the photos that have arrived. @param {string} receipt @param {() => void} tell */
async function look(receipt, tell) {
  for (const pause of LOOKS_MS) {
    if (!photos.some(({ state }) => state === "checking")) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
    const answer = await call("GET", "/v1/receipt", { headers: { Receipt: receipt } });
    if (!answer.ok) continue;
    for (const { slot, state, reason } of answer.body.photos ?? []) {
      const photo = photos.find((one) => one.slot === slot && one.state === "checking");
      if (photo === undefined || state === "issued") continue;
      photo.state = state;
      photo.reason = reason ? t(`photo.reason_${reason}`) : "";
    }
    tell();
  }
}
