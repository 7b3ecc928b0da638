// Wall-clock times of the instance's zone, whatever zone the device is in.

/** @param {number} moment ms @param {string} zone @returns {number} the wall clock of `zone`, read as if it were UTC */
function wallClock(moment, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    hourCycle: "h23",
  }).formatToParts(moment);
  const part = (/** @type {string} */ type) => Number(parts.find((item) => item.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
}

/** @param {Date} now @param {string} zone @returns {string} YYYY-MM-DD */
export function today(now, zone) {
  return new Date(wallClock(now.getTime(), zone)).toISOString().slice(0, 10);
}

/** @param {string} day YYYY-MM-DD @param {number} days */
export function addDays(day, days) {
  const moment = new Date(`${day}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}

/**
 * RFC 3339 with the offset that `zone` has then. Of an hour that comes twice the first is meant; an hour that a
 * clock change leaves out is moved on by it.
 * @param {string} day YYYY-MM-DD @param {string} time HH:MM @param {string} zone @returns {string}
 */
export function zonedMoment(day, time, zone) {
  const wished = Date.parse(`${day}T${time}:00Z`);
  // The offset is that of a moment a day before or after, whichever gives the wished wall clock.
  const offsets = [wished - 86_400_000, wished + 86_400_000].map((near) => wallClock(near, zone) - near);
  const offset = offsets.find((candidate) => wallClock(wished - candidate, zone) === wished) ?? offsets[0];
  const moment = wished - offset;
  const actual = wallClock(moment, zone) - moment;
  const minutes = Math.abs(actual) / 60_000;
  const sign = actual < 0 ? "-" : "+";
  const pad = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const local = new Date(moment + actual).toISOString().slice(0, 19);
  return `${local}${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
