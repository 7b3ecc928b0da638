// Texts of one language for pages that are written whole by the build.

/** @typedef {(key: string, values?: Record<string, string | number>) => string} Speaker gives HTML: what it fills in is escaped */

/** @param {string} text @returns {string} */
export function escaped(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** @param {import("./group.mjs").Group} own @param {string} language @returns {Speaker} */
export function speaker(own, language) {
  const texts = Object.assign({}, ...["", "info/"].map((folder) => JSON.parse(String(own.members.get(`languages/${folder}${language}.json`)))));
  const plural = new Intl.PluralRules(language);
  return (key, values = {}) => {
    const found = texts[key];
    if (found === undefined) throw new Error(`No text ${key}`);
    const form = typeof found === "string" ? found : found[plural.select(Number(values.n))] ?? found.other;
    return escaped(form.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ name) => String(values[name] ?? "")));
  };
}

/** @param {string[]} items HTML @param {"ul" | "ol"} [tag] */
export function list(items, tag = "ul") {
  return `<${tag}>${items.map((item) => `<li>${item}</li>`).join("")}</${tag}>`;
}

/**
 * A table that scrolls by itself on a narrow screen, the first cell of a row its heading.
 * @param {string} label @param {string[]} heads @param {string[][]} rows HTML
 */
export function table(label, heads, rows) {
  const head = heads.map((cell) => `<th scope="col">${cell}</th>`).join("");
  const body = rows.map(([first, ...rest]) => `<tr><th scope="row">${first}</th>${rest.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("");
  return `<div class="info-scroll" role="region" tabindex="0" aria-label="${label}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}
