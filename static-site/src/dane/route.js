// What is shown stands in the address, so that a link shows the same to whoever opens it: #/2062?category=speeding&with=20

/**
 * @typedef {{ area: string, category: string, from: string | null, to: string | null, other: Other }} Route
 * @typedef {null | { area: string } | { from: string }} Other compared with another area, or with as many months from another one on
 */

export const COUNTRY = "country";
export const ALL = "all";
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const CODE = /^[\w-]{1,40}$/;

/** @param {string | null} text */
function month(text) {
  return text !== null && MONTH.test(text) ? text : null;
}

/** @param {string | null} text @returns {Other} */
function other(text) {
  if (text === null || !CODE.test(text)) return null;
  return MONTH.test(text) ? { from: text } : { area: text };
}

/** @param {string} fragment as in location.hash @returns {Route} */
export function parseRoute(fragment) {
  const [area, query = ""] = fragment.replace(/^#\/?/, "").split("?");
  const parameters = new URLSearchParams(query);
  const category = parameters.get("category") ?? ALL;
  return {
    area: CODE.test(area) ? area : COUNTRY,
    category: CODE.test(category) ? category : ALL,
    from: month(parameters.get("from")),
    to: month(parameters.get("to")),
    other: other(parameters.get("with")),
  };
}

/** @param {Route} route @returns {string} fragment with its # */
export function formatRoute({ area, category, from, to, other: compared }) {
  const parameters = [];
  if (category !== ALL) parameters.push(`category=${category}`);
  if (from !== null) parameters.push(`from=${from}`);
  if (to !== null) parameters.push(`to=${to}`);
  if (compared !== null) parameters.push(`with=${"area" in compared ? compared.area : compared.from}`);
  return `#/${area}${parameters.length > 0 ? `?${parameters.join("&")}` : ""}`;
}
