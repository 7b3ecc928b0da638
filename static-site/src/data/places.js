// The offline gazetteer: search that ignores diacritics, and the nearest place of a point.

/**
 * @typedef {{ name: string, area: string, code: string, city: string | null, lat: number, lon: number, tier: number }} Place
 * `code` is the area's; `city` is the name of the area where the area is a city and the place a part of it
 */

/** @type {Promise<any> | null} */
let reading = null;
/** @type {Promise<Place[]> | null} */
let loading = null;

/** @returns {Promise<Place[]>} most important first */
export function places() {
  loading ??= load().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** @returns {Promise<{ code: string, name: string }[]>} the areas that have places, by name */
export async function areas() {
  const { areas: all } = await read();
  return [...all].sort((a, b) => a.name.localeCompare(b.name));
}

function read() {
  reading ??= fetch("/data/places.json").then((answer) => {
    if (!answer.ok) throw new Error(`places: ${answer.status}`);
    return answer.json();
  }).catch((error) => {
    reading = null;
    throw error;
  });
  return reading;
}

async function load() {
  const file = await read();
  /** @type {{ code: string, name: string }[]} */
  const areas = file.areas;
  /** @type {string[]} */
  const names = file.names;
  // A place of the second tier bears the name of its area: that area is a city.
  const cities = new Set(names.slice(0, file.tier_ends[1]).map((_, index) => file.area[index]));
  return names.map((name, index) => ({
    name,
    area: areas[file.area[index]].name,
    code: areas[file.area[index]].code,
    city: cities.has(file.area[index]) && index >= file.tier_ends[1] ? areas[file.area[index]].name : null,
    lat: file.lat[index],
    lon: file.lon[index],
    tier: file.tier_ends.findIndex((/** @type {number} */ end) => index < end) + 1,
  }));
}

const UNDECOMPOSED = { ł: "l", đ: "d", ø: "o", ß: "ss" };

/** @param {string} text @returns {string} lower case without diacritics and punctuation */
export function folded(text) {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[łđøß]/g, (sign) => UNDECOMPOSED[/** @type {keyof typeof UNDECOMPOSED} */ (sign)])
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/**
 * Places whose name begins with the words, then those that contain them; important ones first.
 * @param {Place[]} all @param {string} query @param {number} limit @returns {Place[]}
 */
export function findPlaces(all, query, limit) {
  const wanted = folded(query);
  if (wanted === "") return [];
  /** @type {Place[][]} */
  const ranks = [[], [], []];
  for (const place of all) {
    const name = folded(place.name);
    if (name === wanted) ranks[0].push(place);
    else if (name.startsWith(wanted)) ranks[1].push(place);
    else if (folded(`${place.name} ${place.area}`).includes(wanted)) ranks[2].push(place);
  }
  return ranks.flat().slice(0, limit);
}

/**
 * Kilometres between two points, on the plane of their mean latitude: right to 0.1 % within a country.
 * @param {number} lat @param {number} lon @param {number} otherLat @param {number} otherLon
 */
export function kilometres(lat, lon, otherLat, otherLon) {
  const east = (otherLon - lon) * Math.cos(((lat + otherLat) * Math.PI) / 360);
  return Math.hypot(otherLat - lat, east) * 111.195;
}

/**
 * @param {Place[]} all @param {number} lat @param {number} lon
 * @returns {{ place: Place, km: number } | null}
 */
export function nearestPlace(all, lat, lon) {
  /** @type {{ place: Place, km: number } | null} */
  let best = null;
  for (const place of all) {
    const km = kilometres(lat, lon, place.lat, place.lon);
    if (best === null || km < best.km) best = { place, km };
  }
  return best;
}

/**
 * The place by which an area is known: the most important one within reach, else the nearest.
 * @param {Place[]} all @param {number} lat @param {number} lon @param {number} reach kilometres @returns {Place | null}
 */
export function knownPlace(all, lat, lon, reach) {
  /** @type {{ place: Place, km: number } | null} */
  let best = null;
  for (const place of all) {
    if (best !== null && place.tier > best.place.tier) break;
    const km = kilometres(lat, lon, place.lat, place.lon);
    if (km <= reach && (best === null || km < best.km)) best = { place, km };
  }
  return (best ?? nearestPlace(all, lat, lon))?.place ?? null;
}

/**
 * "Warszawa, Śródmieście": the city before its part.
 * @param {Place} place
 */
export function placeName(place) {
  return place.city === null ? place.name : `${place.city}, ${place.name}`;
}
