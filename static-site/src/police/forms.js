// The form of one deed, in a dialog: its reason, what has to be said with it, and the words for the public and the file.
import { announce, fill, focusOn, h, icon } from "../lib/dom.js";
import { t, timeZone } from "../lib/i18n.js";
import { addDays, today } from "../lib/time.js";
import { deedName } from "./acts.js";
import { act } from "./outbox.js";
import { windowPicker } from "./windows.js";

/** @typedef {import("./acts.js").Deed} Deed */
/** @typedef {{ nodes: import("../lib/dom.js").Child[], body: () => Record<string, unknown> | string, path: string }} Form `body` is a sentence where something is missing */

const WORDS = 500;
const PAUSES = ["weather", "season", "access", "other_body", "court"];
const LONGEST_PAUSE = 60;
const CHECKABLE = ["verifying", "confirmed", "passed_on"];

/** @param {Deed} deed @param {any} found @param {(next: any, words: string) => void} done */
export function openAct(deed, found, done) {
  const form = formOf(deed, found);
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const submit = h("button", { type: "submit", class: "button primary" }, icon("check"), deedName(deed));
  const opener = document.activeElement;
  const dialog = h("dialog", { class: "deed-dialog", "aria-labelledby": "deed-title" },
    h("form", { novalidate: true, onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      void send();
    } },
      h("header", {}, h("h2", { id: "deed-title" }, deedName(deed)), h("button", { type: "button", class: "button quiet square", "aria-label": t("act.close"), onclick: () => dialog.close() }, icon("x"))),
      h("div", { class: "deed-body" }, form.nodes, problem),
      h("footer", {}, submit, h("button", { type: "button", class: "button", onclick: () => dialog.close() }, t("act.cancel")))));
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  });
  async function send() {
    const body = form.body();
    if (typeof body === "string") return wrong(body);
    submit.disabled = true;
    const outcome = await act(found.id, `reports/${encodeURIComponent(found.id)}/${form.path}`, { ...body, version: found.version }, deedName(deed));
    submit.disabled = false;
    if (outcome.outcome === "refused") {
      const { errors, detail, code } = outcome.refusal;
      return wrong(errors.length > 0 ? errors.map(({ message }) => message).join(" ") : detail || t(code === "not_found" ? "case.missing_text" : "console.offline"));
    }
    dialog.close();
    if (outcome.outcome === "done") done(outcome.case, t("act.done", { name: deedName(deed) }));
    else if (outcome.outcome === "kept") done(null, t("act.kept", { name: deedName(deed) }));
    else {
      done(null, "");
      announce(t("conflict.title"));
      focusOn(document.querySelector(".conflict h2"));
    }
  }
  /** @param {string} words */
  function wrong(words) {
    fill(problem, icon("triangle-alert"), words);
    problem.hidden = false;
    submit.focus();
  }
  document.body.append(dialog);
  dialog.showModal();
  /** @type {HTMLElement | null} */ (dialog.querySelector("input, select, textarea, [type=submit]"))?.focus();
}

/** @param {string} id @param {string} label @param {string} [hint] */
function area(id, label, hint) {
  const input = h("textarea", { id, rows: 3, maxlength: WORDS, "aria-describedby": hint ? `${id}-hint` : null });
  return { input, nodes: [h("label", { for: id }, label), hint && h("p", { class: "hint", id: `${id}-hint` }, hint), input] };
}

/** @param {string} name @param {string} legend @param {[string, string][]} options */
function radios(name, legend, options) {
  const inputs = options.map(([value]) => h("input", { type: "radio", name, value, checked: options.length === 1 }));
  return { value: () => inputs.find((input) => input.checked)?.value ?? null,
    node: h("fieldset", { class: "reasons" }, h("legend", {}, legend), options.map(([, text], index) => h("label", { class: "check" }, inputs[index], h("span", {}, text)))) };
}

/** @param {HTMLTextAreaElement} input @param {string} name @returns {Record<string, string>} */
function words(input, name) {
  const text = input.value.trim();
  return text === "" ? {} : { [name]: text };
}

/** @param {Deed} deed @param {any} found @returns {Form} */
function formOf(deed, found) {
  if (deed.kind === "step") return stepForm(deed, found);
  if (deed.kind === "question") return questionForm();
  if (deed.kind === "transfer") return transferForm(found);
  if (deed.kind === "merge") return mergeForm(found);
  if (deed.kind === "location") return locationForm(found);
  return deed.kind === "pause" ? pauseForm() : { nodes: [h("p", {}, t("act.resume"))], body: () => ({}), path: "resume" };
}

/** @param {Deed} deed @param {any} found @returns {Form} */
function stepForm({ to, reasons = [], needs = [] }, found) {
  const reason = radios("reason", t("act.reason"), reasons.map((code) => [code, t(`reason.${code}`)]));
  const open = area("public-note", t("act.public_note"), t("act.public_note_hint"));
  const note = area("note", t("act.note"), t("act.note_hint"));
  /** @type {import("./store.js").Window[]} */
  const chosen = [];
  const looked = (needs.includes("checked") || CHECKABLE.includes(found.status)) && windowPicker(found.created_at, found.checked ?? [], chosen);
  const whom = needs.includes("addressee") && addresseeChoice(found.addressees ?? []);
  return {
    path: "status",
    nodes: [h("p", {}, t(`means.${to}`)), reasons.length > 1 && reason.node, whom && whom.node, looked, ...open.nodes, ...note.nodes],
    body: () => {
      const why = reasons.length > 1 ? reason.value() : reasons[0];
      if (why === null) return t("act.reason_missing");
      if (why === "not_present" && chosen.length === 0) return t("act.checked_missing");
      const addressee = whom && whom.value();
      if (whom && addressee === null) return t("act.addressee_missing");
      return { to, reason: why, ...words(open.input, "public_note"), ...words(note.input, "note"),
        ...(chosen.length > 0 ? { checked: chosen } : {}), ...(addressee ? { addressee } : {}) };
    },
  };
}

/** A partner that serves the place, or any other body by its name. @param {{ code: string, kind: string, name: string }[]} partners */
function addresseeChoice(partners) {
  const OTHER = "";
  const choice = radios("partner", t("act.addressee"), [...partners.map(({ code, name }) => /** @type {[string, string]} */ ([code, name])), [OTHER, t("act.addressee_other")]]);
  const name = h("input", { id: "addressee", autocomplete: "off", "aria-describedby": "addressee-hint" });
  const other = h("div", { class: "field" }, h("label", { for: "addressee" }, t("act.addressee_name")), h("p", { class: "hint", id: "addressee-hint" }, t("act.addressee_hint")), name);
  const brief = area("brief", t("act.brief"), t("act.brief_hint"));
  const further = h("div", { class: "field" }, brief.nodes);
  const show = () => {
    other.hidden = choice.value() !== OTHER;
    further.hidden = choice.value() === null || choice.value() === OTHER;
  };
  choice.node.addEventListener("change", show);
  show();
  return {
    node: partners.length > 0 ? h("div", {}, choice.node, other, further) : other,
    value: () => {
      const code = partners.length > 0 ? choice.value() : OTHER;
      if (code !== OTHER) return code === null ? null : { partner: code, ...words(brief.input, "note") };
      return name.value.trim() === "" ? null : { name: name.value.trim() };
    },
  };
}

/** @returns {Form} */
function questionForm() {
  const text = area("question", t("act.question"), t("act.question_hint"));
  return { path: "question", nodes: text.nodes, body: () => (text.input.value.trim() === "" ? t("act.question_missing") : { text: text.input.value.trim() }) };
}

/** @param {any} found @returns {Form} */
function transferForm(found) {
  const list = h("datalist", { id: "units" });
  const input = h("input", { id: "unit", list: "units", autocomplete: "off", "aria-describedby": "unit-hint" });
  const note = area("note", t("act.note"), t("act.note_hint"));
  /** @type {Map<string, string>} */
  const codes = new Map();
  void fetch("/data/units.json").then((answer) => answer.json()).then(({ codes: all, names }) => {
    fill(list, all.map((/** @type {string} */ code, /** @type {number} */ index) => {
      codes.set(names[index], code);
      return code === found.unit.code ? null : h("option", { value: names[index] });
    }));
  }).catch(() => {});
  return { path: "transfer", nodes: [h("p", {}, t("act.transfer")), h("label", { for: "unit" }, t("act.unit")), h("p", { class: "hint", id: "unit-hint" }, t("act.unit_hint")), input, list, ...note.nodes],
    body: () => {
      const named = input.value.trim();
      const unit = codes.get(named) ?? (/^[A-Z0-9-]+$/.test(named) ? named : null);
      return unit === null ? t("act.unit_missing") : { unit, ...words(note.input, "note") };
    } };
}

/** @param {any} found @returns {Form} */
function mergeForm(found) {
  /** @type {any[]} */
  const near = found.near;
  const choice = radios("into", t("act.merge_near"), near.map((other) => [other.id, t("case.near_line", { n: Math.round(other.distance_m), status: t(`status.${other.status}`), when: other.created_at.slice(0, 10) })]));
  const input = h("input", { id: "into", autocomplete: "off", spellcheck: "false" });
  return { path: "merge", nodes: [h("p", {}, t("act.merge")), near.length > 0 && choice.node, h("label", { for: "into" }, t("act.merge_id")), input],
    body: () => {
      const into = input.value.trim().replace(/^.*[/=]/, "") || choice.value();
      return into ? { into } : t("act.merge_missing");
    } };
}

/** @param {any} found @returns {Form} */
function locationForm(found) {
  let place = { ...found.location };
  const named = h("p", { class: "hint", "aria-live": "polite" }, t("case.coordinates", { lat: place.lat.toFixed(5), lon: place.lon.toFixed(5) }));
  const frame = h("div", { class: "case-map-frame small" });
  // The dialog has its size only once it is open.
  setTimeout(() => void import("./map.js").then(({ pickMap }) => pickMap(frame, found, (moved) => {
    place = moved;
    named.textContent = t("case.coordinates", { lat: moved.lat.toFixed(5), lon: moved.lon.toFixed(5) });
  })), 0);
  return { path: "location", nodes: [h("p", {}, t("act.location")), frame, named],
    body: () => (place.lat === found.location.lat && place.lon === found.location.lon ? t("act.location_same") : { lat: place.lat, lon: place.lon }) };
}

/** @returns {Form} */
function pauseForm() {
  const day = today(new Date(), timeZone());
  const reason = radios("reason", t("act.reason"), PAUSES.map((code) => [code, t(`reason.pause_${code}`)]));
  const until = h("input", { id: "until", type: "date", min: addDays(day, 1), max: addDays(day, LONGEST_PAUSE) });
  const note = area("note", t("act.note"), t("act.note_hint"));
  return { path: "pause", nodes: [h("p", {}, t("act.pause")), reason.node, h("label", { for: "until" }, t("act.until")), until, ...note.nodes],
    body: () => (reason.value() === null ? t("act.reason_missing") : until.value === "" ? t("act.until_missing") : { reason: reason.value(), until: until.value, ...words(note.input, "note") }) };
}
