// One picture on its way to the store: leave by the receipt, and the upload itself, which no service of ours sees.
import { call } from "../lib/api.js";

/**
 * Throws where the picture did not arrive.
 * @param {Blob} picture @param {string} receipt
 * @returns {Promise<{ slot: number } | { refusal: import("../lib/api.js").Refusal }>}
 */
export async function upload(picture, receipt) {
  const permitted = await call("POST", "/v1/receipt/uploads", { headers: { Receipt: receipt }, body: { content_type: picture.type, size: picture.size } });
  if (!permitted.ok) return { refusal: permitted.refusal };
  const { url, fields, slot } = permitted.body;
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, /** @type {string} */ (value));
  form.append("file", picture);
  const answer = await fetch(url, { method: "POST", body: form, credentials: "omit" });
  if (!answer.ok) throw new Error(`upload: ${answer.status}`);
  return { slot };
}
