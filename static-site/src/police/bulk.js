// Taking up many new cases at once: all of them, or none and the reason of each.
import { announce, fill, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { ask } from "./ask.js";
import { store } from "./store.js";

/** The most that the API takes in one transaction. */
const MOST = 25;

/** @param {import("./store.js").Row[]} rows @param {() => void} done */
export function bulkBar(rows, done) {
  const element = h("div", { class: "bulk", role: "region", "aria-label": t("bulk.label"), hidden: true });
  const picked = () => rows.filter(({ id, status }) => store.chosen.has(id) && status === "new");
  function update() {
    const chosen = picked();
    element.hidden = chosen.length === 0;
    if (chosen.length === 0) return fill(element);
    const problem = h("p", { class: "problem", role: "alert", hidden: chosen.length <= MOST }, t("bulk.too_many", { n: MOST }));
    const button = h("button", { type: "button", class: "button primary", disabled: chosen.length > MOST, id: "bulk-take-up", onclick: () => void go() }, icon("check-check"), t("bulk.take_up", { n: chosen.length }));
    async function go() {
      button.disabled = true;
      const answer = await ask("POST", "reports/take-up", { ids: chosen.map(({ id }) => id), versions: chosen.map(({ version }) => version) }, { "Idempotency-Key": crypto.randomUUID() });
      button.disabled = false;
      if (answer.ok) {
        store.chosen.clear();
        announce(t("bulk.done", { n: chosen.length }));
        return done();
      }
      const { code, detail, errors } = answer.refusal;
      fill(problem, code === "offline" ? t("bulk.offline") : [detail, errors.map(({ message }) => h("p", {}, message))].flat());
      problem.hidden = false;
    }
    fill(element, h("strong", {}, t("bulk.chosen", { n: chosen.length })), problem, button,
      h("button", { type: "button", class: "button", onclick: () => {
        store.chosen.clear();
        for (const box of document.querySelectorAll(".row-choice")) /** @type {HTMLInputElement} */ (box).checked = false;
        update();
      } }, t("bulk.clear")));
  }
  update();
  return { element, update };
}
