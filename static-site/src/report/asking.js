// What is asked about the description before it goes: the emergency number again where it speaks of something that
// happens now, and whether what points to a person should stay. Each is asked once about the same words.
import { fill, focusOn, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { setSheet } from "../panel/sheet.js";
import { change, draft } from "./draft.js";
import { personalData, urgentWords } from "./warnings.js";

/** @typedef {"urgent" | "personal"} Question */

/** @type {Promise<string[]> | null} */
let lists = null;

/** @returns {Promise<string[]>} the words of urgency of every language; none where they cannot be fetched */
function urgentLists() {
  lists ??= fetch(new URL("../languages/urgent.json", import.meta.url)).then((answer) => answer.json()).catch(() => {
    lists = null;
    return [];
  });
  return lists;
}

/** @returns {Promise<Question | null>} what must still be asked about the words as they stand */
export async function unasked() {
  const { description, heard } = draft;
  if (heard.urgent !== description && urgentWords(description, await urgentLists()).length > 0) return "urgent";
  return heard.personal !== description && personalData(description).length > 0 ? "personal" : null;
}

/** @param {Question} question */
async function goOn(question) {
  change({ heard: { ...draft.heard, [question]: draft.description } });
  state.go({ step: (await unasked()) ?? "summary" });
}

/** @param {string[]} words */
function urgentText(words) {
  const { number } = state.config.emergency;
  return [
    h("h1", {}, t("warning.urgent_title")),
    h("p", {}, t("warning.urgent", { words: words.map((word) => `„${word}”`).join(", ") })),
    h("a", { class: "button alarm big", href: `tel:${number}` }, icon("phone"), t("emergency.call", { number })),
  ];
}

function personalText() {
  return [
    h("h1", {}, t("warning.personal_title")),
    h("ul", { class: "findings" }, personalData(draft.description).map(({ kind, text }) => h("li", {}, icon("triangle-alert"), h("span", {}, t(`warning.${kind}`, { text: text.replaceAll(" ", "\u00a0") }))))),
    h("p", {}, t("warning.personal")),
  ];
}

/** @param {HTMLElement} body @param {HTMLElement} foot @param {Question} question */
export async function drawAsked(body, foot, question) {
  const words = question === "urgent" ? urgentWords(draft.description, await urgentLists()) : [];
  setSheet("full");
  fill(body,
    h("a", { class: "button quiet back", href: "#/report/text" }, icon("arrow-left"), t("report.back")),
    h("div", { class: "asked" }, question === "urgent" ? urgentText(words) : personalText(),
      h("blockquote", {}, draft.description)));
  // Where somebody may be pointed at, the words are best mended; where nothing is urgent, the report goes on.
  const [mend, keep] = question === "personal" ? ["primary ", ""] : ["", "primary "];
  fill(foot, h("div", { class: "pair" },
    h("a", { class: `button ${mend}big`, href: "#/report/text" }, t("warning.mend")),
    h("button", { type: "button", class: `button ${keep}big`, onclick: () => void goOn(question) }, t(question === "urgent" ? "warning.not_urgent" : "warning.keep"))));
  body.scrollTop = 0;
  focusOn(body.querySelector("h1"));
}
