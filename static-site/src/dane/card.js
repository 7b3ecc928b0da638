// The frame of every chart: what it shows, what it says in one sentence, the same numbers as a table, and as files.
import { fill, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { csv } from "../shared/csv.js";
import { save } from "../shared/save.js";
import { picture, savePng, saveSvg } from "./picture.js";

/**
 * @typedef {string | number | null} Value
 * @typedef {{ code: string, label: string | null, text?: (value: any) => string }} Column no label: for the file alone
 * @typedef {{ columns: Column[], rows: Value[][] }} Table
 * @typedef {{ id: string, title: string, finding?: string, note?: string, content: HTMLElement, table?: Table, file: string, source: import("./picture.js").Source, wide?: boolean, plain?: boolean }} Card
 * `plain`: the content is a table already
 */

/** @param {Card} card @returns {HTMLElement} */
export function card({ id, title, finding, note, content, table, file, source, wide = false, plain = false }) {
  const heading = h("h2", { id }, title);
  return h("section", { class: wide ? "card wide" : "card", "aria-labelledby": id }, heading, finding && h("p", { class: "finding" }, finding), content, note && h("p", { class: "hint" }, note),
    table && table.rows.length > 0 && h("div", { class: "card-foot" }, !plain && tableOf(table, title), h("div", { class: "card-files" }, files(table, content, { title, file, source }))));
}

/** @param {Table} table @param {string} title */
function tableOf({ columns, rows }, title) {
  const shown = columns.map((column, at) => ({ ...column, at })).filter(({ label }) => label !== null);
  const box = h("div", { class: "table-box", role: "region", tabindex: 0, "aria-label": title });
  const details = h("details", { ontoggle: () => {
    // Hundreds of cells that nobody may ever open are not made before somebody does.
    if (!details.open || box.firstChild) return;
    const cell = (/** @type {Column} */ column, /** @type {Value} */ value) => (value === null ? "–" : column.text ? column.text(value) : String(value));
    fill(box, h("table", { class: "figures-table" }, h("thead", {}, h("tr", {}, shown.map(({ label }) => h("th", { scope: "col" }, label)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, shown.map((column, index) => h(index === 0 ? "th" : "td", index === 0 ? { scope: "row" } : {}, cell(column, row[column.at]))))))));
  } }, h("summary", {}, t("dane.table")), box);
  return details;
}

/** @param {Table} table @param {HTMLElement} content @param {{ title: string, file: string, source: import("./picture.js").Source }} words */
function files({ columns, rows }, content, { title, file, source }) {
  const button = (/** @type {string} */ kind, /** @type {() => unknown} */ act) => h("button", { type: "button", class: "button quiet", "aria-label": t("dane.save", { kind, title }), onclick: act }, icon("download"), kind);
  const drawn = () => {
    const chart = content.querySelector(".plot-svg");
    return chart && picture(/** @type {SVGElement} */ (chart), { title, keys: [...content.querySelectorAll(".plot-read .key")], source });
  };
  const draw = (/** @type {(svg: SVGElement, name: string) => unknown} */ act) => () => {
    const svg = drawn();
    if (svg) void act(svg, file);
  };
  return [button("CSV", () => save(new Blob([csv(columns.map(({ code }) => code), rows)], { type: "text/csv;charset=utf-8" }), `${file}.csv`)),
    content.querySelector(".plot-place") && button("SVG", draw(saveSvg)), content.querySelector(".plot-place") && button("PNG", draw(savePng))];
}
