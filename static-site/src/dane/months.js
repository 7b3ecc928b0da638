// Months as they stand in the address and in the files: "2026-11". Spans are positions in the consecutive months of a file.

/** @typedef {{ first: number, last: number }} Span positions, both inclusive */

/** @param {string} month @returns {number} months since the year 0 */
export function ordinal(month) {
  const [year, number] = month.split("-").map(Number);
  return year * 12 + number - 1;
}

/** @param {number} value as ordinal() gives it @returns {string} */
export function monthAt(value) {
  return `${String(Math.floor(value / 12)).padStart(4, "0")}-${String((value % 12) + 1).padStart(2, "0")}`;
}

/** @param {string} month @returns {string} its last day, YYYY-MM-DD */
export function lastDay(month) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

/**
 * How many of the months count as a whole, and whether one more has begun.
 * @param {string[]} months @param {string} through the last day that is counted
 * @returns {{ whole: number, begun: boolean }}
 */
export function complete(months, through) {
  const last = months.at(-1);
  if (last === undefined || through >= lastDay(last)) return { whole: months.length, begun: false };
  // On the first of a month nothing of it is counted yet.
  return { whole: months.length - 1, begun: through.startsWith(last) };
}

/**
 * The months that an address asks for, cut to those that there are. Without any: the last twelve whole ones.
 * @param {string[]} months @param {string} through @param {string | null} from @param {string | null} to
 * @returns {Span}
 */
export function spanOf(months, through, from, to) {
  const { whole, begun } = complete(months, through);
  const top = whole - 1 + (begun ? 1 : 0);
  const place = (/** @type {string} */ month) => ordinal(month) - ordinal(months[0]);
  const clamp = (/** @type {number} */ position) => Math.max(0, Math.min(top, position));
  const last = clamp(to === null ? Math.max(0, whole - 1) : place(to));
  const first = clamp(from === null ? last - 11 : place(from));
  return first <= last ? { first, last } : { first: last, last: first };
}

/**
 * The months that a span is compared with: as many, from `from` on. Null where not all of them are there.
 * @param {string[]} months @param {Span} span @param {string} from @returns {Span | null}
 */
export function otherSpan(months, span, from) {
  const first = ordinal(from) - ordinal(months[0]);
  const last = first + span.last - span.first;
  return first >= 0 && last < months.length ? { first, last } : null;
}
