// What the operator tells everybody: one line above the list, and in the form before anything is written. It comes as a
// file of its own, so that it is there even while the API is not.
import { byId, fill, h, icon } from "../lib/dom.js";
import { momentText, nameOf, t } from "../lib/i18n.js";

/** @typedef {{ intake: "open" | "closed", since: string | null, until: string | null, notice: Record<string, string> }} Notice */

const ADDRESS = "/data/notice.json";
/** @type {Notice | null} */
let last = null;

/** What stands now; a notice that is over is none. @returns {Notice | null} */
function standing() {
  return last !== null && (last.until === null || new Date(last.until) > new Date()) ? last : null;
}

/** Whether it is known that reports are not taken. */
export function isClosed() {
  return standing()?.intake === "closed";
}

/** Asks for the notice. Where nobody answers, the last one stands. */
async function readNotice() {
  if (navigator.onLine) {
    const answer = await fetch(ADDRESS, { cache: "no-cache" }).catch(() => null);
    if (answer?.ok) last = await answer.json().catch(() => last);
  }
}

/** The notice in words, or nothing. @returns {string[]} */
function noticeWords() {
  const notice = standing();
  if (notice === null) return [];
  const own = Object.keys(notice.notice).length > 0 ? [nameOf(notice.notice)] : [];
  if (notice.intake !== "closed") return own;
  return [t("closed.text"), ...own, ...(notice.until === null ? [] : [t("closed.until", { when: momentText(notice.until) })])];
}

/** Asks, and says what stands above whatever the panel shows. */
export async function drawNotice() {
  await readNotice();
  const words = noticeWords();
  const place = document.querySelector(".announced") ?? h("div", { class: "announced", role: "status" });
  if (!place.isConnected && words.length > 0) byId("panel-body").before(place);
  if (words.length === 0) fill(place);
  else fill(place, icon("triangle-alert"), h("p", {}, words.join(" ")));
}
