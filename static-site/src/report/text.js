import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { change, characters, draft, MOST_CHARACTERS } from "./draft.js";

function required() {
  return state.category(draft.category ?? "")?.description_required ?? false;
}

export function text() {
  const counter = h("p", { class: "counter", id: "text-count", "aria-live": "polite" });
  const area = h("textarea", { id: "description", rows: 6, "aria-describedby": "text-hint text-count", oninput: () => update() });
  area.value = draft.description;
  function update() {
    change({ description: area.value });
    const left = MOST_CHARACTERS - characters(area.value.trim());
    counter.textContent = left >= 0 ? t("text.left", { n: left }) : t("text.over", { n: -left });
    counter.classList.toggle("over", left < 0);
  }
  update();
  const photos = h("div", {});
  void import("./photos.js").then(({ photoField }) => photos.append(photoField()));
  return [
    h("p", { id: "text-hint", class: "hint" }, t("text.hint")),
    h("label", { for: "description" }, t(required() ? "text.label_required" : "text.label")),
    area, counter, photos,
  ];
}

export function textMissing() {
  const length = characters(draft.description.trim());
  if (length > MOST_CHARACTERS) return t("text.too_long");
  return required() && length === 0 ? t("text.missing") : null;
}
