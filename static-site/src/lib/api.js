import { language } from "./i18n.js";

/** @typedef {{ field: string, code: string, message: string }} FieldError */
/**
 * A refusal in the words of RFC 9457, or `code: "offline"` where no answer came.
 * @typedef {{ status: number, code: string, title: string, detail: string, errors: FieldError[], resets_at: string | null,
 *   candidates: any[], current?: any }} Refusal `candidates` are the cases that a report may repeat; `current` is how a case
 *   stands that somebody else has changed
 */

/**
 * One call of the API: the parsed body, or the refusal. It never throws.
 * @param {"GET" | "POST" | "PUT"} method @param {string} path
 * @param {{ body?: unknown, headers?: Record<string, string> }} [options]
 * @returns {Promise<{ ok: true, body: any } | { ok: false, refusal: Refusal }>}
 */
export async function call(method, path, { body, headers = {} } = {}) {
  /** @type {Response} */
  let answer;
  const train = crypto.randomUUID().replaceAll("-", "");
  try {
    answer = await fetch(path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      headers: {
        Accept: "application/json, application/problem+json",
        "Accept-Language": language(),
        traceparent: `00-${train}-${train.slice(16)}-01`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    return refused({ code: "offline" }, 0);
  }
  const parsed = await answer.json().catch(() => ({}));
  return answer.ok ? { ok: true, body: parsed } : refused(parsed, answer.status);
}

/** @param {any} problem @param {number} status @returns {{ ok: false, refusal: Refusal }} */
function refused(problem, status) {
  return {
    ok: false,
    refusal: {
      status,
      code: typeof problem.code === "string" ? problem.code : "unavailable",
      title: String(problem.title ?? ""),
      detail: String(problem.detail ?? ""),
      errors: Array.isArray(problem.errors) ? problem.errors : [],
      resets_at: typeof problem.resets_at === "string" ? problem.resets_at : null,
      candidates: Array.isArray(problem.candidates) ? problem.candidates : [],
      current: problem.current ?? null,
    },
  };
}
