// The piece of HTML that shows the widget on another site. Pure.

/** Pixels: the narrowest column that newspapers and offices have, and as high as the longest of its texts needs. */
export const FRAME = { width: 320, height: 520 };

/** @typedef {{ area: string, language: string, theme: string }} Choice `area` and `theme` may be empty: the country, the reader's own */

/** @param {string} origin @param {Choice} choice @returns {string} the widget's address */
export function addressOf(origin, { area, language, theme }) {
  const query = new URLSearchParams({ ...(area && { teryt: area }), lang: language, ...(theme && { theme }) });
  return `${origin}/embed/?${query}`;
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** @param {string} address @param {string} title what screen readers call the frame @param {string} language of the title */
export function snippetOf(address, title, language) {
  return `<iframe src="${escaped(address)}" title="${escaped(title)}" lang="${escaped(language)}"\n  width="${FRAME.width}" height="${FRAME.height}" loading="lazy"></iframe>`;
}
