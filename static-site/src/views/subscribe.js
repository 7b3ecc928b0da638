// Asking for mails about an area. The form says in one sentence what would come, before anything is sent.
import { areas } from "../data/places.js";
import { call } from "../lib/api.js";
import { backToMap, fill, focusOn, h, icon } from "../lib/dom.js";
import { language, nameOf, t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { nearbyName, notice } from "../panel/browse.js";
import { placeSearch } from "../panel/search.js";
import { setSheet } from "../panel/sheet.js";

const RADII = [500, 1000, 3000, 5000, 10_000, 20_000];
const LANGUAGE_NAMES = { pl: "Polski", en: "English", uk: "Українська" };

/** @typedef {"circle" | "powiat" | "unit"} Kind */
/** @typedef {{ kind: Kind, lat: number, lon: number, place: string, radius: number, powiat: string, unit: string, categories: string[] }} Wish */

/** @returns {Wish} from what the map shows */
function fresh() {
  const [west, south, east, north] = state.config.bounds;
  const { lat, lon } = state.map?.centre() ?? { lat: (south + north) / 2, lon: (west + east) / 2 };
  return { kind: "circle", lat, lon, place: nearbyName(lat, lon), radius: 3000, powiat: "", unit: "", categories: state.route.categories };
}

/** @param {HTMLElement} body @param {HTMLElement} foot */
export function drawSubscribe(body, foot) {
  setSheet("full");
  // Drawn again when the map is there: what somebody has begun to fill in by then stays.
  if (body.querySelector(`.subscribe[lang="${language()}"][data-begun]`) !== null) return;
  const wish = fresh();
  const answer = h("div", { class: "result", "aria-live": "polite" });
  const preview = h("p", { class: "allowance", role: "status" });
  const say = () => fill(preview, icon("info"), h("span", {}, sentence(wish)));
  const email = h("input", { id: "email", type: "email", autocomplete: "email", inputmode: "email", spellcheck: "false", "aria-describedby": "email-hint email-problem" });
  const problems = { email: problem("email-problem"), area: problem("area-problem"), other: problem("other-problem") };
  const tongue = h("select", { id: "tongue" }, state.config.languages.map((code) =>
    h("option", { value: code, lang: code, selected: code === language() }, LANGUAGE_NAMES[/** @type {"pl"} */ (code)] ?? code)));
  const send = h("button", { type: "submit", class: "button primary big" }, icon("mail"), t("subscribe.send"));
  const form = h("form", {
    novalidate: true,
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      void ask(wish, email, tongue.value, problems, send, () => {
        fill(body, backToMap(t("report.leave")), notice(t("subscribe.sent_title"), t("subscribe.sent", { address: email.value.trim() }), "mail"));
        focusOn(body.querySelector("h2"));
      });
    },
  },
    where(wish, say), problems.area, what(wish, say),
    h("label", { for: "tongue" }, t("subscribe.language")), tongue,
    h("label", { for: "email" }, t("subscribe.email")), email, h("p", { class: "hint below", id: "email-hint" }, t("subscribe.email_hint")), problems.email,
    preview, problems.other, send, h("p", { class: "hint below" }, t("subscribe.leave_any_time")));
  fill(body, h("article", { class: "subscribe", lang: language(), oninput: (/** @type {Event} */ event) => /** @type {HTMLElement} */ (event.currentTarget).setAttribute("data-begun", "") }, backToMap(t("report.leave")), h("h1", {}, t("subscribe.title")), h("p", {}, t("subscribe.text")), form, answer));
  fill(foot);
  say();
  focusOn(body.querySelector("h1"));
}

/** @param {string} id */
function problem(id) {
  return h("p", { class: "problem", role: "alert", id, hidden: true });
}

/** @param {Wish} wish @param {() => void} say */
function where(wish, say) {
  const parts = { circle: circle(wish, say), powiat: list("powiat", t("subscribe.powiat_label")), unit: list("unit", t("subscribe.unit_label")) };
  const show = () => {
    for (const [kind, part] of Object.entries(parts)) part.hidden = kind !== wish.kind;
    say();
  };
  /** @param {Kind} kind */
  const choice = (kind) => h("div", {}, h("label", { class: "option" },
    h("input", { type: "radio", name: "kind", value: kind, checked: kind === wish.kind, onchange: () => { wish.kind = kind; show(); } }), h("span", {}, t(`subscribe.${kind}`))), parts[kind]);

  /** @param {"powiat" | "unit"} kind @param {string} label */
  function list(kind, label) {
    const select = h("select", { id: `choose-${kind}`, onchange: () => { wish[kind] = select.value; select.dataset.name = select.selectedOptions[0].text; say(); } }, h("option", { value: "" }, t("subscribe.choose")));
    void options(kind).then((found) => select.append(...found.map(([code, name]) => h("option", { value: code }, name))));
    return h("div", { class: "extra", hidden: true }, h("label", { for: `choose-${kind}` }, label), select);
  }
  queueMicrotask(show);
  return h("fieldset", { class: "options" }, h("legend", {}, t("subscribe.where")), choice("circle"), choice("powiat"), choice("unit"));
}

/** @param {"powiat" | "unit"} kind @returns {Promise<[string, string][]>} codes and names */
async function options(kind) {
  try {
    if (kind === "powiat") return (await areas()).filter(({ name }) => name).map(({ code, name }) => [code, `${name} (${code})`]);
    const { codes, names } = await (await fetch("/data/units.json")).json();
    return codes.map((/** @type {string} */ code, /** @type {number} */ index) => [code, names[index]]);
  } catch {
    return [];
  }
}

/** @param {Wish} wish @param {() => void} say */
function circle(wish, say) {
  const radius = h("select", { id: "radius", onchange: () => { wish.radius = Number(radius.value); say(); } },
    RADII.map((metres) => h("option", { value: metres, selected: metres === wish.radius }, distance(metres))));
  /** @param {number} lat @param {number} lon @param {string} name */
  const take = (lat, lon, name) => {
    Object.assign(wish, { lat, lon, place: name });
    say();
  };
  return h("div", { class: "extra" },
    placeSearch({
      label: t("subscribe.place_label"), placeholder: t("search.placeholder"), visibleLabel: true,
      pick: (place) => { state.map?.show(place.lat, place.lon, 13); take(place.lat, place.lon, place.name); },
    }),
    h("div", { class: "row" }, h("button", {
      type: "button", class: "button",
      onclick: () => { const { lat, lon } = state.map?.centre() ?? wish; take(lat, lon, nearbyName(lat, lon)); },
    }, icon("crosshair"), t("subscribe.take_map"))),
    h("label", { for: "radius" }, t("subscribe.radius")), radius);
}

/** @param {Wish} wish @param {() => void} say */
function what(wish, say) {
  const { groups, categories } = state.config.catalogue;
  const offered = categories.filter(({ sensitivity, valid_to }) => sensitivity !== "hidden" && !valid_to);
  const boxes = groups.map(({ code, names }) => {
    const members = offered.filter(({ group }) => group === code);
    return members.length > 0 && h("fieldset", {}, h("legend", {}, nameOf(names)), members.map((category) => {
      const box = h("input", {
        type: "checkbox", checked: wish.categories.includes(category.code),
        onchange: () => { wish.categories = wish.categories.filter((other) => other !== category.code).concat(box.checked ? [category.code] : []); say(); },
      });
      return h("label", { class: "check" }, box, icon(category.icon), h("span", {}, nameOf(category.names)));
    }));
  });
  return h("details", { open: wish.categories.length > 0 }, h("summary", {}, t("subscribe.what")), h("p", { class: "hint" }, t("subscribe.what_hint")), boxes);
}

/** @param {number} metres */
function distance(metres) {
  return metres < 1000 ? `${metres} m` : `${metres / 1000} km`;
}

/** What would come, in words. @param {Wish} wish */
function sentence(wish) {
  const named = (/** @type {"powiat" | "unit"} */ kind) => document.querySelector(`#choose-${kind}`)?.getAttribute("data-name") ?? "";
  const place = {
    circle: () => t("subscribe.say_circle", { radius: distance(wish.radius), place: wish.place || `${wish.lat.toFixed(4)}, ${wish.lon.toFixed(4)}` }),
    powiat: () => wish.powiat && named("powiat"),
    unit: () => wish.unit && named("unit"),
  }[wish.kind]();
  if (!place) return t("subscribe.say_missing");
  const kinds = wish.categories.map((code) => nameOf(state.category(code)?.names ?? { code }));
  return t("subscribe.say", { place, kinds: kinds.length > 0 ? kinds.join(", ") : t("subscribe.say_all") });
}

/**
 * @param {Wish} wish @param {HTMLInputElement} email @param {string} tongue
 * @param {{ email: HTMLElement, area: HTMLElement, other: HTMLElement }} problems @param {HTMLButtonElement} send @param {() => void} done
 */
async function ask(wish, email, tongue, problems, send, done) {
  for (const each of Object.values(problems)) each.hidden = true;
  email.removeAttribute("aria-invalid");
  const code = wish.kind === "circle" ? "" : wish[wish.kind];
  if (wish.kind !== "circle" && code === "") return tell(problems.area, t("subscribe.say_missing"));
  const area = wish.kind === "circle" ? { circle: { lat: wish.lat, lon: wish.lon, radius_m: wish.radius } } : { [wish.kind]: code };
  send.disabled = true;
  const body = { email: email.value.trim(), area, language: tongue, ...(wish.categories.length > 0 && { categories: wish.categories }) };
  const answer = await call("POST", "/v1/subscriptions", { body });
  send.disabled = false;
  if (answer.ok) return done();
  const { code: refused, detail, errors } = answer.refusal;
  if (refused === "offline") return tell(problems.other, t("subscribe.offline"));
  if (errors.length === 0) return tell(problems.other, detail);
  for (const { field, message } of errors) tell(field === "email" ? problems.email : field.startsWith("area") ? problems.area : problems.other, message);
  if (errors.some(({ field }) => field === "email")) {
    email.setAttribute("aria-invalid", "true");
    email.focus();
  }
}

/** @param {HTMLElement} place @param {string} text */
function tell(place, text) {
  place.textContent = text;
  place.hidden = false;
}
