// Sums, shares and comparisons of what the files tell. Pure: numbers in, numbers out.

/** @typedef {import("./months.js").Span} Span */

/** Beyond this many standard errors two counts differ by more than chance would make them (95 %). */
const BEYOND_CHANCE = 1.96;

/** @param {number[] | undefined} series one number a month; a category without reports has none @param {Span} span @returns {number[]} */
export function within(series, { first, last }) {
  return series === undefined ? new Array(last - first + 1).fill(0) : series.slice(first, last + 1);
}

/** @param {number[]} values */
export function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * What changed from `before` to `now`. Counts scatter as Poisson's do, so a difference within 1.96 roots of their sum may be chance.
 * @param {number} now @param {number} before
 * @returns {{ change: number | null, sure: boolean }} the change as a part of what was before, null where nothing was
 */
export function change(now, before) {
  const together = now + before;
  const sure = together > 0 && Math.abs(now - before) > BEYOND_CHANCE * Math.sqrt(together);
  return { change: before === 0 ? null : (now - before) / before, sure };
}

/**
 * Two areas of different size on one axis: by inhabitants where both are known, else each month against the area's own mean.
 * @param {number[]} series @param {number | null} population @param {boolean} perHead
 * @returns {number[]} reports per 1,000 inhabitants, or per cent of the mean of these months
 */
export function comparable(series, population, perHead) {
  if (perHead && population) return series.map((value) => (value * 1000) / population);
  const mean = sum(series) / series.length;
  return series.map((value) => (mean === 0 ? 0 : (value / mean) * 100));
}

/**
 * Sum of statuses, for a report that is decided is either real or not.
 * @param {Record<string, number>} of by status @returns {{ real: number, decided: number }}
 */
export function verdicts({ confirmed = 0, passed_on = 0, eliminated = 0, unconfirmed = 0 }) {
  const real = confirmed + passed_on + eliminated;
  return { real, decided: real + unconfirmed };
}
