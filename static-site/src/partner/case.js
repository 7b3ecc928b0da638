// One case that was passed on: what it is, where, what the police wrote, and the answer.
import { announce, fill, focusOn, h, icon } from "../lib/dom.js";
import { momentText, t } from "../lib/i18n.js";

const TEXT = 500;
const WHOSE = 100;

/** @typedef {(id: string, body: { answer: string, text?: string, whose?: string }) => ReturnType<typeof import("../lib/api.js").call>} Answering */

/** @param {any} found @param {import("../lib/state.js").Config} config @param {Answering} answer */
export function caseCard(found, config, answer) {
  const symbol = config.catalogue.categories.find(({ code }) => code === found.category)?.icon ?? "info";
  const article = h("article", { class: "partner-case", "data-id": found.id, "data-answer": found.answer?.answer ?? null });
  const title = h("h2", {}, icon(symbol, "icon category"), found.category_name);
  fill(article, title,
    h("p", { class: "partner-line" }, h("span", { class: "badge" }, h("span", { class: `mark mark-${found.status}`, "aria-hidden": "true" }), t(`status.${found.status}`)), h("span", {}, t("partner.passed", { when: momentText(found.passed_at), unit: found.unit.name }))),
    found.note && h("div", {}, h("h3", {}, t("partner.note")), h("blockquote", { class: "partner-words" }, found.note)),
    found.public_note && h("div", {}, h("h3", {}, t("partner.public_note")), h("blockquote", { class: "partner-words" }, found.public_note)),
    where(found),
    found.answer === null ? answering(found, answer, (next, words) => {
      const card = caseCard(next, config, answer);
      card.prepend(h("p", { class: "partner-said", role: "status" }, icon("check"), words));
      article.replaceWith(card);
      announce(words);
      focusOn(card.querySelector("h2"));
    }) : answered(found.answer));
  return article;
}

/** @param {any} found */
function where({ location, place, area_name: area }) {
  const named = [...new Set([place, area])].filter(Boolean).join(", ");
  if (location === null) return h("p", { class: "hint" }, named, named && ". ", t("partner.nowhere"));
  const { lat, lon, precision_m: radius } = location;
  const point = `${lat.toFixed(5)},${lon.toFixed(5)}`;
  return h("div", {}, h("h3", {}, icon("map-pin"), t("partner.where")),
    h("p", {}, named, named && h("br"), h("span", { class: "partner-point" }, `${lat.toFixed(5)}, ${lon.toFixed(5)}`), radius > 0 && h("small", {}, ` ${t("partner.about", { n: radius })}`)),
    h("p", { class: "row" }, h("a", { class: "button", href: `geo:${point}?q=${point}` }, icon("locate-fixed"), t("partner.navigate")),
      h("a", { class: "button", href: `/#/map?at=16/${lat.toFixed(5)}/${lon.toFixed(5)}`, target: "_blank", rel: "noreferrer" }, icon("map"), t("partner.map"))));
}

/** @param {{ answer: string, text: string | null, whose: string | null, at: string }} given */
function answered(given) {
  return h("div", { class: "partner-given" }, h("h3", {}, icon("check"), t("partner.your_answer")), h("p", {}, h("strong", {}, t(`partner.${given.answer}`)), " ", h("small", {}, momentText(given.at))),
    given.whose && h("p", {}, t("partner.whose_is", { name: given.whose })), given.text && h("blockquote", { class: "partner-words" }, given.text));
}

/** @param {any} found @param {Answering} answer @param {(next: any, words: string) => void} done */
function answering(found, answer, done) {
  const place = h("div", { class: "partner-answer" });
  /** @type {HTMLButtonElement[]} */
  let buttons = [];
  function closed() {
    buttons = [["done", "check", "button primary"], ["not_ours", "undo-2", "button"]].map(([code, symbol, kind]) => h("button", { type: "button", class: `${kind} big`, "data-answer": code, onclick: () => form(code) }, icon(symbol), t(`partner.${code}`)));
    fill(place, h("h3", {}, t("partner.answer")), buttons);
  }
  /** @param {string} code */
  function form(code) {
    const ours = code === "done";
    const whose = h("input", { id: `whose-${found.id}`, maxlength: WHOSE, autocomplete: "off", required: true });
    const text = h("textarea", { id: `text-${found.id}`, rows: 3, maxlength: TEXT, "aria-describedby": `hint-${found.id}` });
    const problem = h("p", { class: "problem", role: "alert", hidden: true });
    const send = h("button", { type: "submit", class: "button primary big" }, icon("check"), t("partner.send"));
    const element = h("form", { novalidate: true, onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      const said = text.value.trim();
      const name = whose.value.trim();
      if (!ours && name === "") return wrong(t("partner.whose_missing"));
      send.disabled = true;
      const given = await answer(found.id, { answer: code, ...(said && { text: said }), ...(ours ? {} : { whose: name }) });
      send.disabled = false;
      if (given.ok) return done(given.body, t("partner.thanks"));
      const { errors, detail, code: why } = given.refusal;
      wrong(errors.length > 0 ? errors.map(({ message }) => message).join(" ") : why === "offline" ? t("partner.failed_text") : detail);
    } },
    h("h3", {}, t(`partner.${code}`)), h("p", {}, t(`partner.means_${code}`)),
    !ours && h("label", { for: whose.id }, t("partner.whose")), !ours && whose,
    h("label", { for: text.id }, t("partner.text")), h("p", { class: "hint", id: `hint-${found.id}` }, t("partner.text_hint")), text, problem, send,
    h("button", { type: "button", class: "button quiet", onclick: () => {
      closed();
      buttons[ours ? 0 : 1].focus();
    } }, t("partner.cancel")));
    /** @param {string} words */
    function wrong(words) {
      fill(problem, icon("triangle-alert"), words);
      problem.hidden = false;
    }
    fill(place, element);
    (ours ? text : whose).focus();
  }
  closed();
  return place;
}
