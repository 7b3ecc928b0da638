// What the reporter can do about a case: answer, say whether it is gone, take it back. What was typed stays when
// sending fails.
import { focusOn, fill, h, icon } from "../lib/dom.js";
import { momentText, t } from "../lib/i18n.js";
import { characters, MOST_CHARACTERS } from "../report/draft.js";

/** @typedef {import("./story.js").Act} Act */

/** What has been typed and not yet arrived, and in which case. */
let typed = { id: "", text: "" };

/** @param {any} report @param {Act} act */
export function deeds(report, act) {
  /** @type {string[]} */
  const may = report.may;
  return [
    may.includes("answer") && question(report.id, report.question.text, act),
    may.includes("still_there") && presence(report.question, may.includes("gone"), act),
    may.includes("withdraw") && withdrawal(act),
  ];
}

/**
 * A button that sends once and says what went wrong.
 * @param {string} symbol @param {string} text @param {HTMLElement} problem @param {() => Promise<string | null>} send @param {string} [look]
 */
function sender(symbol, text, problem, send, look = "") {
  const label = h("span", {}, text);
  const button = h("button", { type: "button", class: `button ${look}`, onclick: () => void go() }, icon(symbol), label);
  async function go() {
    if (button.disabled) return;
    button.disabled = true;
    label.textContent = t("summary.sending");
    const wrong = await send();
    button.disabled = false;
    label.textContent = text;
    problem.textContent = wrong ?? "";
    problem.hidden = wrong === null;
    // A disabled button loses the focus, unless the form has put it where the fault is.
    if (wrong !== null && document.activeElement === document.body) button.focus();
  }
  return button;
}

function problemLine() {
  return h("p", { class: "problem", role: "alert", hidden: true });
}

/** @param {string} id of the report @param {string} asked the words of the police @param {Act} act */
function question(id, asked, act) {
  const problem = problemLine();
  const counter = h("p", { class: "counter", id: "answer-count", "aria-live": "polite" });
  const area = h("textarea", { id: "answer", rows: 4, "aria-describedby": "answer-hint answer-count", oninput: () => count() });
  if (typed.id === id) area.value = typed.text;
  function count() {
    typed = { id, text: area.value };
    const left = MOST_CHARACTERS - characters(area.value.trim());
    counter.textContent = left >= 0 ? t("text.left", { n: left }) : t("text.over", { n: -left });
    counter.classList.toggle("over", left < 0);
  }
  count();
  const send = sender("check", t("follow.send_answer"), problem, async () => {
    const said = area.value.trim();
    const wrong = said === "" ? t("follow.answer_missing") : characters(said) > MOST_CHARACTERS ? t("text.too_long") : null;
    if (wrong === null) return act("answers", { answer: "text", text: said });
    area.focus();
    return wrong;
  }, "primary");
  return h("section", { class: "deed no-print", "aria-labelledby": "deed-question" },
    h("h3", { id: "deed-question" }, t("follow.question_title")),
    h("blockquote", { class: "words" }, asked),
    h("label", { for: "answer" }, t("follow.answer_label")), h("p", { class: "hint", id: "answer-hint" }, t("follow.answer_hint")),
    area, counter, problem, h("div", { class: "row" }, send));
}

/** @param {any} open the open question, if it is this one @param {boolean} asked whether the map asks @param {Act} act */
function presence(open, asked, act) {
  const problem = problemLine();
  const gone = asked && sender("check", t("follow.gone"), problem, () => act("answers", { answer: "gone" }), "primary");
  const still = sender("repeat", t("follow.still_there"), problem, () => act("answers", { answer: "still_there" }));
  // The last minute before the midnight at which it ends.
  const until = asked && open.until && momentText(new Date(Date.parse(open.until) - 60_000));
  return h("section", { class: "deed no-print", "aria-labelledby": "deed-presence" },
    h("h3", { id: "deed-presence" }, t(asked ? "follow.gone_title" : "follow.still_title")),
    h("p", {}, t(asked ? "follow.gone_text" : "follow.still_text")),
    until && h("p", { class: "hint" }, t("follow.until", { when: until })),
    problem, h("div", { class: "row" }, gone, still));
}

/** One button, and behind it the consequence and a second one. @param {Act} act */
function withdrawal(act) {
  const place = h("section", { class: "deed no-print quiet-deed" });
  function closed() {
    fill(place, h("p", { class: "hint" }, t("follow.withdraw_hint")),
      h("button", { type: "button", class: "button", onclick: opened }, icon("undo-2"), t("follow.withdraw")));
  }
  function opened() {
    const problem = problemLine();
    const title = h("h3", {}, t("follow.withdraw_title"));
    fill(place, title, h("p", {}, t("follow.withdraw_text")), problem, h("div", { class: "row" },
      sender("undo-2", t("follow.withdraw_yes"), problem, () => act("withdraw"), "primary"),
      h("button", { type: "button", class: "button", onclick: () => { closed(); place.querySelector("button")?.focus(); } }, t("follow.withdraw_no"))));
    focusOn(title);
  }
  closed();
  return place;
}
