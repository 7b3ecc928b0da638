// Sending: what is said meanwhile, how it is stopped, and what a refusal means.
import { fill, h, icon } from "../lib/dom.js";
import { momentText, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { draft, keepForLater } from "./draft.js";
import { send } from "./send.js";
import { offer } from "./similar.js";

/** @typedef {import("../lib/api.js").Refusal} Refusal */

/** The step that asks for a field of the API's body. @type {Record<string, string>} */
const STEP_OF = {
  category: "what", lat: "where", lon: "where", location: "where", occurred_at: "when", pattern: "when", description: "text",
};

/** The place under a form for what happens to it; made once. @param {HTMLElement} form */
function notes(form) {
  const known = form.querySelector(".notes");
  if (known !== null) return { waiting: /** @type {HTMLElement} */ (known.children[0]), refusal: /** @type {HTMLElement} */ (known.children[1]) };
  const waiting = h("div", { class: "allowance", role: "status", hidden: true });
  const refusal = h("div", { class: "problem", role: "alert", hidden: true });
  form.append(h("div", { class: "notes" }, waiting, refusal));
  return { waiting, refusal };
}

/**
 * Shows that something is being sent, with the way to stop it, and runs it.
 * @template T
 * @param {HTMLElement} form @param {HTMLButtonElement} button the one that was pressed
 * @param {(options: { signal: AbortSignal, working: () => void }) => Promise<T>} act @returns {Promise<T>}
 */
export async function sending(form, button, act) {
  const { waiting, refusal } = notes(form);
  const controller = new AbortController();
  const before = [...button.childNodes];
  refusal.hidden = true;
  button.disabled = true;
  fill(button, t("summary.sending"));
  const working = () => {
    fill(waiting, icon("clock"), h("div", {},
      h("p", {}, t("proof.working")),
      h("button", { type: "button", class: "button", onclick: () => controller.abort() }, t("proof.cancel"))));
    waiting.hidden = false;
    waiting.scrollIntoView({ block: "nearest" });
  };
  try {
    return await act({ signal: controller.signal, working });
  } finally {
    waiting.hidden = true;
    button.disabled = false;
    fill(button, ...before);
  }
}

/** @param {HTMLElement} form @param {HTMLButtonElement} button */
export async function submit(form, button) {
  if (button.disabled) return;
  const asked = draft.description.trim() === "" ? null : await (await import("./asking.js")).unasked();
  if (asked !== null) return state.go({ step: asked });
  const refused = await sending(form, button, send);
  if (refused === null) return state.go({ step: "done" }, { replace: true });
  if (refused.code === "cancelled") return;
  if (refused.code === "possible_duplicate") {
    offer(refused.candidates);
    return state.go({ step: "similar" });
  }
  fill(button, t("summary.again"), icon("refresh-cw"));
  showRefusal(form, refused);
}

/** What a refusal means and what to do, in plain words. @param {import("../offline/store.js").Why} refusal */
export function refusalWords({ code, detail, title, resets_at }) {
  if (code === "quota_used") return t("refusal.quota_used", { when: resets_at ? momentText(resets_at) : t("refusal.after_midnight") });
  if (code === "outside_country") return t("where.outside");
  if (["offline", "category_withdrawn", "unavailable", "proof_failed"].includes(code)) return t(`refusal.${code}`);
  return detail || title || t("refusal.unavailable");
}

/** @param {string} code @returns {string | null} the one step that can mend it */
function mendingStep(code) {
  return { outside_country: "where", category_withdrawn: "what" }[code] ?? null;
}

/** The offer to keep the draft on this device until it may go, and where only the network is missing, to send it by itself. @param {boolean} may */
function keeping(may) {
  /** @param {boolean} send */
  const keep = async (send) => {
    const photos = await (await import("./photos.js")).files();
    const outcome = await keepForLater(new Date(), { send, photos });
    const said = outcome !== "kept" ? t(`kept.${outcome}`) : t(send ? "kept.done_send" : "kept.done");
    fill(place, said, " ", outcome !== "impossible" && h("a", { href: "#/kept" }, t("kept.see")));
  };
  const place = h("p", { class: "row", role: "status" },
    may && h("button", { type: "button", class: "button", onclick: () => void keep(true) }, icon("clock"), t("kept.keep_send")),
    h("button", { type: "button", class: "button", onclick: () => void keep(false) }, icon("save"), t("kept.keep")));
  return place;
}

/** @param {HTMLElement} form @param {Refusal} refused */
export function showRefusal(form, refused) {
  const { refusal: place } = notes(form);
  const step = mendingStep(refused.code);
  fill(place,
    icon("triangle-alert"),
    h("div", {},
      h("p", {}, h("strong", {}, refusalWords(refused))),
      refused.errors.length > 0 && h("ul", {}, refused.errors.map(({ field, message }) => {
        const target = STEP_OF[field.split(".")[0]];
        return h("li", {}, target ? h("a", { href: `#/report/${target}` }, message) : message);
      })),
      step && h("p", {}, h("a", { href: `#/report/${step}` }, t("summary.change"))),
      h("p", {}, t("refusal.kept")),
      ["quota_used", "offline", "unavailable", "intake_closed", "proof_failed"].includes(refused.code) && keeping(["offline", "unavailable", "intake_closed"].includes(refused.code))));
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
}
