// A report that waits for the network, by the person's wish. Proof and upload forms are made when it goes, not before; it
// goes under the lock under which the form sends, so that two tabs never send it twice; its key makes a repeat harmless.
import { state } from "../lib/state.js";
import { alone } from "../offline/alone.js";
import { daysFromNow, read, update } from "../offline/store.js";
import { draft } from "./draft.js";
import { post, REPORTS } from "./send.js";
import { upload } from "./upload.js";

/** Nobody has said no: it waits on. @param {import("../lib/api.js").Refusal} refusal */
function waits({ status, code }) {
  return code === "offline" || status >= 500 || (status === 429 && code !== "quota_used");
}

/** Sends what waits, if nobody else does. */
export async function flush() {
  await alone(REPORTS, async () => {
    await sendReport();
    await sendPhotos();
  });
}

async function sendReport() {
  const { report } = await read();
  // Whoever fills in another report now is not disturbed: both would work on their proofs.
  if (report === null || !report.send || (state.route.view === "report" && draft.key !== report.draft.key)) return;
  const { key } = report.draft;
  const answer = await post(report.draft, { signal: new AbortController().signal, working: () => {} });
  if (answer.ok) {
    await update((kept) => ({
      report: kept.report?.draft.key === key ? null : kept.report,
      sent: [...kept.sent.filter((each) => each.key !== key), { until: daysFromNow(), key, answer: answer.body, photos: report.photos, lost: "", seen: false }],
    }));
    return;
  }
  if (waits(answer.refusal)) return;
  const { code, title, detail, resets_at, errors } = answer.refusal;
  await update((kept) => (kept.report?.draft.key !== key ? kept : { ...kept, report: { ...kept.report, send: false, refusal: { code, title, detail, resets_at, errors } } }));
}

async function sendPhotos() {
  for (const { key, photos, answer } of (await read()).sent) {
    for (const picture of photos) {
      const done = await upload(picture, answer.receipt).catch(() => null);
      if (done === null || ("refusal" in done && waits(done.refusal))) return;
      const lost = "refusal" in done ? done.refusal.detail || done.refusal.title : "";
      await update((kept) => ({
        ...kept, sent: kept.sent.map((each) => (each.key === key ? { ...each, photos: each.photos.slice(1), lost: lost || each.lost } : each)),
      }));
    }
  }
}
