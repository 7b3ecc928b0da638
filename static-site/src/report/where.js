// Where? By own position, by name, by moving the map under the crosshair (drag, arrow keys, buttons), or by numbers.
import { nearestPlace, placeName, places } from "../data/places.js";
import { fill, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { placeSearch } from "../panel/search.js";
import { change, draft } from "./draft.js";

/** A map further out cannot tell one street from another. */
const NEAREST_ZOOM = 13;
const CHOSEN_ZOOM = 16;
/** Share of the view that one press of a direction moves. */
const NUDGE = 0.06;

/** @param {HTMLElement} answer */
async function tell(answer) {
  if (draft.lat === null || draft.lon === null) {
    fill(answer, h("p", {}, t("where.hint")));
    return;
  }
  const { lat, lon } = draft;
  const all = await places().catch(() => []);
  if (lat !== draft.lat || lon !== draft.lon) return;
  const nearest = nearestPlace(all, lat, lon);
  fill(answer,
    h("p", {}, icon("map-pin"), h("strong", {}, nearest ? t("place.near", { place: placeName(nearest.place) }) : t("place.unnamed")),
      nearest && nearest.km >= 1 && ` ${t("where.away", { n: Math.round(nearest.km) })}`),
    h("p", { class: "hint" }, `${lat.toFixed(5)}, ${lon.toFixed(5)}`));
}

/** @param {HTMLElement} problem @param {(lat: number, lon: number) => void} found */
function locate(problem, found) {
  problem.textContent = t("where.locating");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      problem.textContent = "";
      found(coords.latitude, coords.longitude);
    },
    () => {
      problem.textContent = t("where.not_located");
    },
    { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
  );
}

/** @param {(lat: number, lon: number) => void} found @param {HTMLElement} problem */
function numbers(found, problem) {
  const lat = h("input", { id: "lat", inputmode: "decimal", autocomplete: "off", value: draft.lat?.toFixed(5) });
  const lon = h("input", { id: "lon", inputmode: "decimal", autocomplete: "off", value: draft.lon?.toFixed(5) });
  const take = () => {
    const [y, x] = [lat, lon].map(({ value }) => Number(value.trim().replace(",", ".")));
    if (!lat.value.trim() || !lon.value.trim() || !(Math.abs(y) <= 90) || !(Math.abs(x) <= 180)) problem.textContent = t("where.bad_numbers");
    else found(y, x);
  };
  return h("details", {}, h("summary", {}, t("where.numbers")),
    h("div", { class: "pair" }, h("div", {}, h("label", { for: "lat" }, t("where.lat")), lat), h("div", {}, h("label", { for: "lon" }, t("where.lon")), lon)),
    h("button", { type: "button", class: "button", onclick: take }, t("where.take_numbers")));
}

export function where() {
  const answer = h("div", { class: "found", role: "status", "aria-live": "polite" });
  const problem = h("p", { class: "hint", role: "status" });
  /** @param {number} lat @param {number} lon */
  const found = (lat, lon) => {
    change({ lat, lon });
    problem.textContent = "";
    state.map?.show(lat, lon, CHOSEN_ZOOM);
    void tell(answer);
  };
  const follow = () => {
    if (!answer.isConnected) return end();
    if (state.map === null) return;
    const { lat, lon, zoom } = state.map.centre();
    if (zoom < NEAREST_ZOOM) {
      problem.textContent = t("where.closer");
      return;
    }
    // Leaflet rounds the centre to whole pixels: an answer that was given in numbers is not moved by that.
    const moved = draft.lat === null || draft.lon === null || Math.hypot(lat - draft.lat, lon - draft.lon) > 3e-5;
    if (moved) change({ lat, lon });
    problem.textContent = "";
    void tell(answer);
  };
  const begin = () => {
    if (!answer.isConnected) return end();
    if (draft.lat !== null && draft.lon !== null) state.map?.show(draft.lat, draft.lon, Math.max(CHOSEN_ZOOM - 1, state.map.centre().zoom));
    else follow();
    void tell(answer);
  };
  const ends = [state.on("moved", follow), state.on("live", begin)];
  const end = () => ends.forEach((each) => each());
  queueMicrotask(begin);
  return [
    h("div", { class: "row places" },
      placeSearch({ label: t("where.search"), placeholder: t("search.placeholder"), pick: ({ lat, lon }) => found(lat, lon) }),
      "geolocation" in navigator && h("button", { type: "button", class: "button square", "aria-label": t("where.locate"), title: t("where.locate"), onclick: () => locate(problem, found) }, icon("locate-fixed"))),
    answer, problem, numbers(found, problem),
  ];
}

/** Buttons that move the map, for those who can or will not drag it. */
export function directions() {
  /** @param {string} name @param {number} east @param {number} south */
  const arrow = (name, east, south) =>
    h("button", { type: "button", class: `tool ${name}`, "aria-label": t(`where.${name}`), onclick: () => state.map?.nudge(east * NUDGE, south * NUDGE) },
      icon({ north: "arrow-up", south: "arrow-down", west: "arrow-left", east: "arrow-right" }[name] ?? "map"));
  return h("div", { class: "directions", role: "group", "aria-label": t("where.directions") },
    arrow("north", 0, -1), arrow("west", -1, 0), arrow("east", 1, 0), arrow("south", 0, 1));
}

export function whereMissing() {
  if (draft.lat === null || draft.lon === null) return t("where.missing");
  return state.map?.inside(draft.lat, draft.lon) === false ? t("where.outside") : null;
}
