// Axes: round steps, and labels that do not touch.

/**
 * Round steps from 0 to at least `most`, at most `count` of them.
 * @param {number} most @param {number} count @param {boolean} [whole] only whole numbers, as counts are
 * @returns {number[]} the first is 0
 */
export function ticks(most, count, whole = true) {
  const wanted = (most > 0 ? most : 1) / count;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const nice = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= wanted * (1 - 1e-9)) ?? 10 * power;
  const step = whole ? Math.max(1, Math.ceil(nice)) : nice;
  const values = [0];
  while (values[values.length - 1] < most * (1 - 1e-9) || values.length < 2) values.push(Number((values.length * step).toPrecision(12)));
  return values;
}

/**
 * How many months lie between two labels, so that none touches the next; the steps part a year evenly.
 * @param {number} months @param {number} width px for all @param {number} label px for one
 */
export function labelStep(months, width, label) {
  const room = width / months;
  return [1, 2, 3, 4, 6, 12, 24].find((step) => step * room >= label) ?? 60;
}
