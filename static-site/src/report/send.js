// From the first screen to the answer: the device's token, the challenge and its proof, and the one report.
import { call } from "../lib/api.js";
import { inTurn } from "../offline/alone.js";
import { read } from "../offline/store.js";
import { draft, finish, payload } from "./draft.js";

/** @typedef {import("../lib/api.js").Refusal} Refusal */
/** @typedef {{ may_report: boolean, resets_at?: string, challenge: any }} Challenge */
/** @typedef {{ key: string, answer: Challenge, expires: number, end: AbortController, proof: Promise<string | null> | null, ready: boolean }} Opened */

/** Reports leave one at a time, whatever tab they leave from. */
export const REPORTS = "reports";
/** How often a proof is tried before the form says that it cannot. */
const TRIES = 3;
/** A challenge lasts twenty minutes by the server's clock, which is not the device's: it is renewed well before. */
const FRESH_MS = 15 * 60_000;

/** @type {Opened | null} */
let opened = null;
/** @type {{ key: string, answer: ReturnType<typeof call> } | null} the question that is under way */
let asking = null;

/** @param {string} key @param {Challenge} answer @returns {Opened} */
function begin(key, answer) {
  opened?.end.abort();
  return {
    key, answer, end: new AbortController(), proof: null, ready: answer.challenge === null,
    expires: Date.now() + FRESH_MS,
  };
}

/** The proof of a challenge; the work begins once. @param {Opened} mine @returns {Promise<string | null>} null where none is asked for or none was found */
function proofOf(mine) {
  if (mine.answer.challenge === null) return Promise.resolve(null);
  mine.proof ??= import("./proof.js")
    .then(({ solve }) => solve(mine.answer.challenge, mine.end.signal))
    .catch(() => null)
    .then((proof) => {
      mine.ready = proof !== null;
      return proof;
    });
  return mine.proof;
}

/**
 * Asks for the device token (a cookie) and whether this device may still report today. If it may, the proof is begun
 * at once, so that it is ready before the last question.
 * @param {{ again?: boolean, key?: string }} [options] `key`: of the report, if it is not the one in the form
 * @returns {Promise<{ ok: true, body: Challenge } | { ok: false, refusal: Refusal }>}
 */
export async function open({ again = false, key = draft.key } = {}) {
  if (!again && opened !== null && opened.key === key && opened.expires > Date.now()) return { ok: true, body: opened.answer };
  // A slow answer is waited for, not asked for again: each screen opens the form.
  if (asking?.key !== key) {
    const mine = { key, answer: ask(key).finally(() => { if (asking === mine) asking = null; }) };
    asking = mine;
  }
  return asking.answer;
}

/** @param {string} key */
async function ask(key) {
  const answer = await call("POST", "/v1/challenge", { body: { idempotency_key: key } });
  if (!answer.ok) return answer;
  opened = begin(key, answer.body);
  if (opened.answer.may_report) void proofOf(opened);
  return answer;
}

/** Settles when the browser's part of the work is done, whatever came of it. */
export async function worked() {
  const answer = await open();
  return answer.ok && opened !== null && (opened.ready || (opened.answer.may_report && (await proofOf(opened)) !== null));
}

/**
 * Does something that asks for a proof. A token or a proof that is not believed is made anew.
 * @param {(proof: string | null) => ReturnType<typeof call>} act
 * @param {{ signal: AbortSignal, working: () => void, key?: string }} options `working` is called when the proof is waited for
 * @returns {Promise<{ ok: true, body: any } | { ok: false, refusal: Refusal }>}
 */
export async function withProof(act, { signal, working, key = draft.key }) {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const asked = await open({ again: attempt > 0, key });
    if (!asked.ok) return asked;
    const mine = /** @type {Opened} */ (opened);
    // The form has begun another report meanwhile, and with it another proof.
    if (mine.key !== key) continue;
    if (!mine.ready) working();
    const proof = await Promise.race([proofOf(mine), ended(signal)]);
    if (signal.aborted) return refusal("cancelled");
    if (proof === null && mine.answer.challenge !== null) continue;
    const answer = await act(proof);
    if (answer.ok || !["device_invalid", "proof_invalid"].includes(answer.refusal.code)) return answer;
  }
  return refusal("proof_failed");
}

/** @param {AbortSignal} signal @returns {Promise<null>} */
function ended(signal) {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(null), { once: true }));
}

/** @param {string} code @returns {{ ok: false, refusal: Refusal }} */
function refusal(code) {
  return { ok: false, refusal: { status: 0, code, title: "", detail: "", errors: [], resets_at: null, candidates: [] } };
}

/**
 * Sends a report under its one key, however often.
 * @param {import("./draft.js").Draft} filled @param {{ signal: AbortSignal, working: () => void }} options
 */
export function post(filled, options) {
  return withProof(
    (proof) => call("POST", "/v1/reports", { body: { ...payload(filled, new Date()), ...(proof && { proof }) }, headers: { "Idempotency-Key": filled.key } }),
    { ...options, key: filled.key },
  );
}

/**
 * Sends the draft. Every refusal leaves it as it is.
 * @param {{ signal: AbortSignal, working: () => void }} options
 * @returns {Promise<Refusal | null>} null when the report was accepted
 */
export async function send(options) {
  const { key } = draft;
  const refused = await inTurn(REPORTS, options.signal, async () => {
    // While this tab waited another one may have sent it: then the form has its answer already.
    const sent = (await read()).sent.find((each) => each.key === key);
    if (sent !== undefined && draft.key === key) finish(sent.answer);
    if (draft.key !== key) return { refused: null };
    const answer = await post(draft, options);
    if (!answer.ok) return { refused: answer.refusal };
    opened = null;
    finish(answer.body);
    return { refused: null };
  });
  return refused === null ? refusal("cancelled").refusal : refused.refused;
}
