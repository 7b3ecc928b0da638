import { call } from "../lib/api.js";
import { draft, finish, payload } from "./draft.js";

/** @typedef {import("../lib/api.js").Refusal} Refusal */
/** @typedef {{ may_report: boolean, resets_at?: string, challenge: unknown }} Challenge */

/** @type {{ key: string, answer: Challenge } | null} */
let challenge = null;

/**
 * Asks for the device token (a cookie) and whether this device may still report today.
 * @param {{ again?: boolean }} [options]
 * @returns {Promise<{ ok: true, body: Challenge } | { ok: false, refusal: Refusal }>}
 */
export async function open({ again = false } = {}) {
  if (!again && challenge?.key === draft.key) return { ok: true, body: challenge.answer };
  const answer = await call("POST", "/v1/challenge", { body: { idempotency_key: draft.key } });
  if (answer.ok) challenge = { key: draft.key, answer: answer.body };
  return answer;
}

/**
 * Sends the draft under its one key. Every refusal leaves the draft as it is.
 * @returns {Promise<Refusal | null>} null when the report was accepted
 */
export async function send() {
  const opened = await open();
  if (!opened.ok) return opened.refusal;
  let answer = await post();
  if (!answer.ok && answer.refusal.code === "device_invalid") {
    // The token has gone or its key is too old: a new one, then once more.
    const renewed = await open({ again: true });
    if (!renewed.ok) return renewed.refusal;
    answer = await post();
  }
  if (!answer.ok) return answer.refusal;
  challenge = null;
  finish(answer.body);
  return null;
}

function post() {
  return call("POST", "/v1/reports", { body: payload(draft, new Date()), headers: { "Idempotency-Key": draft.key } });
}
