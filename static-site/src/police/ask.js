// Calls of the API as the officer who has logged in.
import { call } from "../lib/api.js";
import { language } from "../lib/i18n.js";
import { bearer } from "./login.js";
import { store } from "./store.js";

/** @typedef {Awaited<ReturnType<typeof call>>} Answer */

/** The pool's page, where the instance has one. @returns {import("./login.js").Provider | null} */
export function provider() {
  const { login } = /** @type {{ login?: import("./login.js").Provider }} */ (/** @type {unknown} */ (store.config));
  return login ?? null;
}

/**
 * @param {"GET" | "POST" | "PUT"} method @param {string} path below /v1/police/ @param {unknown} [body]
 * @param {Record<string, string>} [headers] @returns {Promise<Answer>}
 */
export async function ask(method, path, body, headers = {}) {
  const login = await bearer(provider());
  if (!login.ok && login.reason !== "offline") {
    document.dispatchEvent(new CustomEvent("login-ended", { detail: login.reason }));
    return refusal("unauthorized", 401);
  }
  if (!login.ok) return noted(refusal("offline", 0));
  const answer = await call(method, `/v1/police/${path}`, { body, headers: { Authorization: `Bearer ${login.token}`, ...headers } });
  if (!answer.ok && answer.refusal.status === 401) document.dispatchEvent(new CustomEvent("login-ended", { detail: "ended" }));
  return noted(answer);
}

/**
 * What the API gives as a document and not as JSON, null where it does not come.
 * @param {string} path @param {"text/html" | "text/csv"} accept @returns {Promise<Blob | null>}
 */
export async function askDocument(path, accept) {
  const login = await bearer(provider());
  if (!login.ok) return null;
  try {
    const answer = await fetch(`/v1/police/${path}`, { cache: "no-store", headers: { Authorization: `Bearer ${login.token}`, Accept: accept, "Accept-Language": language() } });
    return answer.ok ? await answer.blob() : null;
  } catch {
    return null;
  }
}

/** @param {string} code @param {number} status @returns {Answer} */
function refusal(code, status) {
  return { ok: false, refusal: { code, status, title: "", detail: "", errors: [], resets_at: null, candidates: [], current: null } };
}

/** Remembers whether the network answers. @param {Answer} answer */
function noted(answer) {
  const offline = !answer.ok && answer.refusal.code === "offline";
  if (offline !== store.offline) {
    store.offline = offline;
    store.tell("network");
  }
  return answer;
}
