// Proof of work: a small sum that the browser does in the background, so that a machine cannot send thousands. ALTCHA's
// own solver and worker; no widget, no puzzle, nothing to click.
import { solveChallengeWorkers } from "altcha/lib";

/** A slow phone at the highest level must come to an end within this. */
const LONGEST_MS = 180_000;

/** Half of the cores, so that the form stays quick under the finger. */
function workers() {
  return Math.max(1, Math.min(4, Math.floor((navigator.hardwareConcurrency || 2) / 2)));
}

/**
 * Solves a challenge of POST /v1/challenge.
 * @param {any} challenge as the API gave it @param {AbortSignal} [signal] ends the work
 * @returns {Promise<string | null>} the `proof` of the API's bodies; null when it was ended or took too long
 */
export async function solve(challenge, signal) {
  const controller = new AbortController();
  const end = () => controller.abort();
  signal?.addEventListener("abort", end);
  try {
    const solution = await solveChallengeWorkers({
      challenge,
      controller,
      concurrency: workers(),
      createWorker: () => new Worker(import.meta.resolve("altcha/workers/pbkdf2")),
      timeout: LONGEST_MS,
    });
    return solution && btoa(JSON.stringify({ challenge, solution }));
  } finally {
    signal?.removeEventListener("abort", end);
  }
}
