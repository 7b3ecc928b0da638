// The console's addresses: what is looked at and by which filters, so that a link shows the same.

/** @typedef {"cases" | "case" | "card" | "figures" | "behind" | "plan" | "sheet" | "unit" | "keys" | "login" | "przyjmij"} View */
/** @typedef {{ view: View, id: string, filters: Record<string, string> }} Route */

const VIEWS = ["cases", "case", "card", "figures", "behind", "plan", "sheet", "unit", "keys", "login", "przyjmij"];
export const FILTERS = ["status", "category", "priority", "tier", "unit", "overdue", "closed", "day"];

/** @param {string} fragment @returns {Route} */
export function parseRoute(fragment) {
  const [path, query = ""] = fragment.replace(/^#\/?/, "").split("?");
  const [view, id = ""] = path.split("/");
  return {
    // Mails call a case by the Polish word.
    view: /** @type {View} */ (view === "sprawa" ? "case" : VIEWS.includes(view) ? view : "cases"),
    id,
    filters: Object.fromEntries([...new URLSearchParams(query)].filter(([, value]) => value !== "")),
  };
}

/** @param {View} view @param {string} id @param {Record<string, string>} filters */
export function address(view, id = "", filters = {}) {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== "")).toString();
  return `#/${view}${id ? `/${id}` : ""}${query ? `?${query}` : ""}`;
}

/** @param {Record<string, string>} filters @returns {Record<string, string>} those that the API knows */
export function asked(filters) {
  return Object.fromEntries(Object.entries(filters).filter(([name, value]) => FILTERS.includes(name) && value !== ""));
}
