// CSV that no spreadsheet runs: RFC 4180, UTF-8, and text that cannot begin a formula; as the bulk exports are written.

/** What a spreadsheet may take for the beginning of a formula (OWASP, "CSV Injection"), full-width forms too. */
const FORMULA = /^[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]/;

/** @param {string | number | null} value @returns {string} numbers stay as they are: a negative one is no formula */
function cell(value) {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** @param {string[]} header @param {(string | number | null)[][]} rows @returns {string} every line ends with CRLF */
export function csv(header, rows) {
  return [header, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
