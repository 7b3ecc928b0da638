// When the police have looked, in words.
import { call } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { dayText, t } from "../lib/i18n.js";

/** @param {{ day: string, part: string }[]} windows @returns {HTMLElement | null} a sentence, or nothing where nobody has looked */
export function checked(windows) {
  if (windows.length === 0) return null;
  const named = windows.map(({ day, part }) => `${dayText(day)}, ${t(`part.${part}`)}`).join("; ");
  return h("p", {}, t("checks.checked", { windows: named }));
}

/**
 * Says when the police have looked; the published points do not know, so that the API is asked.
 * @param {HTMLElement} place takes the answer @param {string} id a public report
 */
export async function sayChecked(place, id) {
  const answer = await call("GET", `/v1/reports/${encodeURIComponent(id)}`);
  fill(place, ...(answer.ok ? told(answer.body) : [h("p", {}, t("follow.unavailable"))]));
}

/** @param {{ checked: { day: string, part: string }[], recheck_day: string | null }} report */
function told({ checked: windows, recheck_day: again }) {
  return [
    checked(windows) ?? h("p", {}, t("checks.none")),
    again && h("p", {}, t("checks.again", { when: dayText(again) })),
  ];
}
