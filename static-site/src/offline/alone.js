// One at a time, over all tabs of this browser: whatever must not be sent twice is sent under a lock.

/** Where the browser has no locks (a page that is not served securely), at least this tab does nothing twice. @type {Set<string>} */
const held = new Set();

/**
 * Does something unless somebody does it already.
 * @template T @param {string} name @param {() => Promise<T>} act @returns {Promise<T | null>} null when somebody does
 */
export async function alone(name, act) {
  if (navigator.locks) return navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock === null ? null : act()));
  if (held.has(name)) return null;
  held.add(name);
  try {
    return await act();
  } finally {
    held.delete(name);
  }
}

/**
 * Does something when whoever does it already has ended.
 * @template T @param {string} name @param {AbortSignal} signal ends the wait @param {() => Promise<T>} act
 * @returns {Promise<T | null>} null when the wait was ended
 */
export async function inTurn(name, signal, act) {
  if (!navigator.locks) return act();
  let begun = false;
  try {
    return await navigator.locks.request(name, { signal }, () => {
      begun = true;
      return act();
    });
  } catch (error) {
    if (begun || !signal.aborted) throw error;
    return null;
  }
}
