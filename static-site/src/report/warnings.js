// What should not stand in a description, and what should not wait for one: found before anything is sent, on the
// device alone. It only asks: a number that looks like a telephone may be none, so the person has the last word.
import { folded } from "../data/places.js";

/** @typedef {"phone" | "email" | "pesel" | "plate"} Kind */
/** @typedef {{ kind: Kind, text: string }} Finding `text` as it was written */

const EMAIL = /[\p{L}\p{N}._%+-]+(?:\s?[[(](?:at|małpa|@)[\])]\s?|@|\s(?:małpa|malpa)\s)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/giu;

/** Digits that belong together: not a part of a word, nor what follows a decimal comma. */
const RUN = /(?<![\p{L}\p{N}_]|\d,)(?:\+|\(\+?)?\d(?:[\d \u00a0().\/–-]*\d)?(?![\p{L}\p{N}_]|,\d)/gu;
const SEPARATOR = /[ \u00a0().\/–-]+/;
const AMOUNT = /^\s?(?:zł|zl|pln|eur|euro|usd|€|\$|mln|tys|km|m2|m²|kg|t\b)/iu;
const CALLED = /(?:tel|kom|fon|phone|call|numer|dzwo\p{L}*|дзвон\p{L}*|номер)\P{L}{0,4}$/iu;

// Numbering plan of Poland: first two digits of mobile numbers, and area codes.
const MOBILE = /^(?:45|50|51|53|57|60|66|69|72|73|78|79|88)/;
const AREA = /^(?:1[2-8]|2[2-5]|29|3[2-4]|4[1-46]|48|5[24-689]|6[1-357-8]|7[14-7]|8[1-79]|9[145])/;
/** How people part nine digits; the sizes of the parts. */
const PARTED = new Set(["9", "333", "36", "27", "2322", "234", "3222"]);
const LOCAL = new Set(["7", "322", "34"]);

/** @param {string} digits nine of them */
function national(digits) {
  return digits.length === 9 && (MOBILE.test(digits) || AREA.test(digits));
}

/** @param {string[]} groups @param {string} sign before the first */
function phone(groups, sign) {
  const digits = groups.join("");
  const sizes = groups.map(({ length }) => length).join("");
  if (sign.includes("+")) return digits.length >= 9 && digits.length <= 15;
  if (digits.startsWith("00")) return digits.length >= 11 && digits.length <= 15;
  if (national(digits)) return PARTED.has(sizes);
  // With the country's code but without its plus, or with the old zero before the area code.
  if (digits.startsWith("48")) return national(digits.slice(2));
  return digits.startsWith("0") && national(digits.slice(1));
}

const WEIGHTS = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1];
const CENTURIES = [1900, 2000, 2100, 2200, 1800];

/** The number of a person: its date part is a day, and its weighted sum ends in 0. @param {string} digits */
export function isPesel(digits) {
  if (!/^\d{11}$/.test(digits)) return false;
  const [years, months, day] = [0, 2, 4].map((from) => Number(digits.slice(from, from + 2)));
  const date = new Date(Date.UTC(CENTURIES[Math.floor(months / 20)] + years, (months % 20) - 1, day));
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(digits[place]), 0);
  return sum % 10 === 0 && date.getUTCMonth() === (months % 20) - 1 && date.getUTCDate() === day;
}

/** @param {string} text @returns {Finding[]} */
function numbers(text) {
  /** @type {Finding[]} */
  const found = [];
  for (const match of text.matchAll(RUN)) {
    const [run] = match;
    const [, sign, rest] = /** @type {RegExpMatchArray} */ (run.match(/^([(+]*)(.*)$/su));
    const groups = rest.split(SEPARATOR).filter((group) => group !== "");
    const before = text.slice(0, match.index);
    const sizes = groups.map(({ length }) => length).join("");
    const decimal = groups.length === 2 && rest.includes(".");
    if (["11", "65", "2225"].includes(sizes) && isPesel(groups.join(""))) found.push({ kind: "pesel", text: run });
    else if (AMOUNT.test(text.slice(match.index + run.length)) || decimal) continue;
    else if (phone(groups, sign) || (LOCAL.has(sizes) && CALLED.test(before))) found.push({ kind: "phone", text: run });
    else {
      // Among other numbers only what is parted by threes is taken for a telephone.
      const at = groups.findIndex((_, place) => {
        const three = groups.slice(place, place + 3);
        return MOBILE.test(three[0]) && three.length === 3 && three.every(({ length }) => length === 3);
      });
      if (at >= 0) found.push({ kind: "phone", text: groups.slice(at, at + 3).join(" ") });
    }
  }
  return found;
}

// Plates: two or three letters of the place, then one of the layouts in use; B, D, I, O, Z and Q never follow the place.
const L = "[ACEFGHJKLMNPRSTUVWXY]";
const AFTER_TWO = `\\d{5}|\\d{4}${L}|\\d{3}${L}{2}|\\d${L}\\d{3}|\\d${L}{2}\\d{2}|\\d{4}`;
const AFTER_THREE =
  `\\d{5}|\\d{4}${L}|\\d{3}${L}{2}|${L}\\d{3}|\\d{2}${L}{2}|\\d${L}\\d{2}|\\d{2}${L}\\d|\\d${L}{2}\\d|${L}{2}\\d{2}|${L}\\d{2}${L}|\\d{3}${L}|\\d{4}`;
const PLATE = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:([A-PR-WYZ][A-Z])[ \\u00a0-]?(${AFTER_TWO})|([A-PR-WYZ][A-Z]{2})[ \\u00a0-]?(${AFTER_THREE}))(?![\\p{L}\\p{N}]|[.,]\\d)`, "giu",
);
const OWN_CHOICE = /(?:rej|rejestr\p{L}*|tablic\p{L}*|blach\p{L}*)[^\p{L}\p{N}]{1,3}(?:nr\P{L}{1,2})?(\p{L}\d[ -]?[\p{L}\p{N}]{3,5})(?![\p{L}\p{N}])/giu;
/** Ukraine's plates have only letters that look alike in both alphabets. */
const UKRAINIAN = /(?<![\p{L}\p{N}])[ABCEHIKMOPTXАВСЕНІКМОРТХ]{2}[ -]?\d{4}[ -]?[ABCEHIKMOPTXАВСЕНІКМОРТХ]{2}(?![\p{L}\p{N}])/gu;
const VEHICLE = /(?:^| )(?:aut[aeou]|auci|samoch|pojazd|rejes|rej |tablic|blach|motor|skuter|furgon|ciezar|kierow|park|stoi|jezdz|car |vehicle|plate|taxi|авто|машин|паркув)/u;
/** Short words that numbers follow: never a place on a plate unless written as one. */
const WORDS = new Set(
  "ale bez blok co cos dla do dom gdy go ile ja jak jest juz km kod ku lat lub ma maj max min mln my na nad nie no nr nrm od ok okr on ono os oto par pl po pod pok pon pkt raz rok sek sie sto szt ta tak tam te tel ten tu tys tyl ty ul ulg we ze za wg wam was kl kom lok pi pit to top ich im jej dz dni ca np sp lo zs no row not by at in of on to the for was are".split(" "),
);
/** Trains, roads and norms are numbered like this too. */
const TRAIN = /^(?:IC|TLK|EIC|EIP|SKM)$/;
const NUMBERED = /^(?:DK|DW|DP|DG|DL|NR|KM|KS|PN|EN|DIN|ISO|RAL|PKD|RP|UL|OS|ZL|NA|DO|OD|ZA|PO|CO)$/;
const MEASURE = /^\d+(?:km|m|mm|h|g|kg|t|l|ml|kw|w|v|x|a|ha)$/;
const YEAR = /^(?:19|20)\d\d$/;

/** @param {string} text @returns {Finding[]} */
function plates(text) {
  const shouted = text === text.toUpperCase() && /\p{L}{4}/u.test(text.replace(PLATE, ""));
  const vehicle = VEHICLE.test(folded(text));
  const found = [...text.matchAll(PLATE)].filter(([written, two, afterTwo, three, afterThree]) => {
    const [place, rest] = [two ?? three, afterTwo ?? afterThree];
    const word = place.toLowerCase();
    const capitals = place === place.toUpperCase() && !shouted;
    if (YEAR.test(rest) || TRAIN.test(place) || (NUMBERED.test(place) && /^\d{4}\p{L}?$/u.test(rest))) return false;
    if (!capitals && (WORDS.has(word) || MEASURE.test(rest.toLowerCase()))) return false;
    // Digits alone say little: only where vehicles are spoken of, in capitals, or in one word with the place.
    const joined = written.length === place.length + rest.length;
    return vehicle || (/^\d+$/.test(rest) ? rest.length === 5 && (capitals || joined) : true);
  }).map(([written]) => written);
  const own = [...text.matchAll(OWN_CHOICE)].map((match) => match[1]);
  const ukrainian = [...text.matchAll(UKRAINIAN)].map(([written]) => written);
  return [...new Set([...found, ...own, ...ukrainian])].map((written) => ({ kind: "plate", text: written }));
}

/**
 * Telephone numbers, e-mail addresses, PESEL numbers and number plates in a description.
 * @param {string} description @returns {Finding[]} in no order
 */
export function personalData(description) {
  const text = description.normalize("NFC");
  const emails = [...text.matchAll(EMAIL)].map(([written]) => ({ kind: /** @type {Kind} */ ("email"), text: written }));
  const rest = text.replace(EMAIL, " ");
  return [...emails, ...numbers(rest), ...plates(rest)];
}

/**
 * Words that speak of something that happens now, with their endings.
 * @param {string} description
 * @param {string[]} lists of words or phrases, parted by commas; `*` stands for any ending
 * @returns {string[]} as they were written
 */
export function urgentWords(description, lists) {
  const written = description.normalize("NFC").match(/[\p{L}\p{N}]+/gu) ?? [];
  const words = written.map(folded);
  const phrases = lists.flatMap((list) => list.split(",")).map((phrase) => phrase.trim().split(/[\s'’]+/).map(pattern));
  const found = phrases.flatMap((parts) => {
    const at = words.findIndex((_, place) => parts.every((fits, offset) => fits(words[place + offset] ?? "")));
    return at < 0 ? [] : [written.slice(at, at + parts.length).join(" ")];
  });
  return [...new Set(found)];
}

/** @param {string} word @returns {(candidate: string) => boolean} */
function pattern(word) {
  const stem = folded(word);
  return word.endsWith("*") ? (candidate) => candidate.startsWith(stem) : (candidate) => candidate === stem;
}
