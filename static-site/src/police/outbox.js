// Deeds go out at once, or wait here for the network, in their order. Each has a key of its own: one whose answer was lost
// is sent again and done once. What somebody else has changed meanwhile is never overwritten: the officer chooses.
import { announce } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { alone } from "../offline/alone.js";
import { ask } from "./ask.js";
import { store } from "./store.js";

/** @typedef {import("./store.js").Act} Act */
/** @typedef {{ outcome: "done", case: any } | { outcome: "kept" } | { outcome: "conflict" } | { outcome: "refused", refusal: import("../lib/api.js").Refusal }} Outcome */

/** @param {string} id @param {string} path @param {any} body @param {string} title what the officer pressed @returns {Promise<Outcome>} */
export async function act(id, path, body, title) {
  const deed = /** @type {Act} */ ({ key: crypto.randomUUID(), id, path, body, title, at: new Date().toISOString(), state: "waiting" });
  // Behind one that waits every later one waits too: it was thought of after it.
  if (store.outbox.some((other) => other.id === id)) return keepFor(deed);
  const answer = await sent(deed);
  if (answer.ok) return { outcome: "done", case: remembered(id, answer.body) };
  if (waits(answer.refusal)) return keepFor(deed);
  if (answer.refusal.code === "conflict") {
    store.outbox = [...store.outbox, { ...deed, state: "conflict", current: answer.refusal.current }];
    return { outcome: "conflict" };
  }
  return { outcome: "refused", refusal: answer.refusal };
}

/** @param {Act} deed @returns {Outcome} */
function keepFor(deed) {
  store.outbox = [...store.outbox, deed];
  return { outcome: "kept" };
}

/** @param {Act} deed */
function sent({ path, body, key }) {
  return ask("POST", path, body, { "Idempotency-Key": key });
}

/** No answer, an ended login or a service that is down: the deed keeps. @param {import("../lib/api.js").Refusal} refusal */
function waits({ status }) {
  return status === 0 || status === 401 || status === 429 || status >= 500;
}

/** A case that has gone to a unit that the officer does not see comes without its history, and is forgotten. @param {string} id @param {any} body */
function remembered(id, body) {
  if (body?.id === id && body.history === undefined) store.cases.delete(id);
  else if (body?.id === id) store.cases.set(id, body);
  return body;
}

/** Sends what waits, oldest first, until the network fails; never in two tabs at once. */
export async function flush() {
  await alone("police.outbox", sendWaiting);
}

async function sendWaiting() {
  let done = 0;
  for (const deed of store.outbox.filter(({ state }) => state === "waiting")) {
    const earlier = store.outbox.find((other) => other.id === deed.id && other.state !== "refused");
    if (earlier?.key !== deed.key) continue;
    const answer = await sent(deed);
    if (!answer.ok && waits(answer.refusal)) break;
    if (answer.ok) {
      remembered(deed.id, answer.body);
      follow(deed, answer.body);
      done += 1;
    } else settle(deed.key, { state: answer.refusal.code === "conflict" ? "conflict" : "refused", current: answer.refusal.current, detail: answer.refusal.detail });
  }
  if (done > 0) announce(t("outbox.sent", { n: done }));
}

/** What was thought of after this deed builds on the case as it is after it. @param {Act} deed @param {any} body */
function follow(deed, body) {
  store.outbox = store.outbox.filter(({ key }) => key !== deed.key)
    .map((other) => (other.id === deed.id && other.body.version !== undefined && body.version !== undefined ? { ...other, body: { ...other.body, version: body.version } } : other));
}

/** @param {string} key @param {Partial<Act>} change */
function settle(key, change) {
  store.outbox = store.outbox.map((deed) => (deed.key === key ? { ...deed, ...change } : deed));
}

/** @param {string} key */
export function drop(key) {
  store.outbox = store.outbox.filter((deed) => deed.key !== key);
}

/** Sends a deed anew, now upon the case as it stands: another deed, with another key. @param {Act} deed */
export async function again(deed) {
  const version = deed.current?.version;
  drop(deed.key);
  return act(deed.id, deed.path, version === undefined ? deed.body : { ...deed.body, version }, deed.title);
}
