// When the police have looked, in words.
import { h } from "../lib/dom.js";
import { dayText, t } from "../lib/i18n.js";

/** @param {{ day: string, part: string }[]} windows @returns {HTMLElement | null} a sentence, or nothing where nobody has looked */
export function checked(windows) {
  if (windows.length === 0) return null;
  const named = windows.map(({ day, part }) => `${dayText(day)}, ${t(`part.${part}`)}`).join("; ");
  return h("p", {}, t("checks.checked", { windows: named }));
}
