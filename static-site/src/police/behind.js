// The reports behind a number of the figures, each a link to its case.
import { announce, append, fill, h, icon } from "../lib/dom.js";
import { dayText, t } from "../lib/i18n.js";
import { ask } from "./ask.js";
import { askedOf } from "./figures.js";
import { categoryIcon, categoryName, mark } from "./list.js";
import { address } from "./route.js";
import { failed, queryOf } from "./scope.js";

/** @param {HTMLElement} main @param {import("./route.js").Route} route @param {() => boolean} current */
export async function drawBehind(main, route, current) {
  const { key = "", status = "", figure = "" } = route.filters;
  const wanted = { ...askedOf(route), key, status, figure };
  fill(main, h("h1", {}, t("behind.title")), h("p", { class: "loading", role: "status" }, t("console.loading")));
  const answer = await ask("GET", `stats/reports?${queryOf(wanted)}`);
  if (!current()) return;
  if (!answer.ok) return failed(main, t("behind.title"), answer.refusal);
  const list = h("ul", { class: "items behind" });
  const further = h("button", { type: "button", class: "button", hidden: true }, t("list.further"));
  let cursor = "";
  /** @param {any} page */
  const show = (page) => {
    const lines = page.reports.map((/** @type {any} */ each) => h("li", {}, h("a", { class: "item", href: address("case", each.id) }, categoryIcon(each.category),
      h("span", { class: "grow" }, h("strong", {}, categoryName(each.category)), h("small", {}, dayText(each.day), " · ", each.unit)), h("span", { class: "status-word" }, mark(each.status), t(`status.${each.status}`)), icon("chevron-right"))));
    append(list, lines);
    cursor = page.cursor ?? "";
    further.hidden = cursor === "";
    return lines;
  };
  further.addEventListener("click", async () => {
    const next = await ask("GET", `stats/reports?${queryOf({ ...wanted, cursor })}`);
    if (!next.ok) return announce(t("console.offline"));
    show(next.body)[0]?.querySelector("a")?.focus();
  });
  const { from, to, unit, by } = wanted;
  fill(main, h("a", { class: "button quiet back", href: address("figures", "", { from, to, unit, by }) }, icon("arrow-left"), t("behind.back")), h("h1", {}, t("behind.title")),
    answer.body.reports.length === 0 ? h("p", {}, t("figures.empty")) : h("div", { class: "part" }, list), further);
  show(answer.body);
}
