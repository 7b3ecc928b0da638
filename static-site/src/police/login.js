// An officer's login: OpenID Connect's authorization code with PKCE at the pool's own page, or a token that a link brings.
//
// What was got stands in this tab's session storage, so that a reload in the field keeps it and closing the tab ends it. The
// page's policy lets no foreign script run that could read it there, and the access token lives a quarter of an hour.

/** @typedef {{ authority: string, client: string }} Provider the pool's page and the console's name there */
/** @typedef {{ access: string, expires: number, refresh: string | null }} Held `expires` in milliseconds of the epoch */
/**
 * @typedef {{ ok: true, token: string } | { ok: false, reason: "none" | "ended" | "offline" }} Bearer
 *   `none`: nobody has logged in; `ended`: the login is over; `offline`: it is over and cannot be renewed without a network
 */

const HELD = "police.login";
const ASKED = "police.login.asked";
const SCOPE = "openid";
/** A token that ends within this time is renewed before it is used. */
const AHEAD_MS = 60_000;

/** One renewal at a time: a refresh token may be good for one use only. @type {Promise<Bearer> | null} */
let renewing = null;

/** @param {string} siteUrl */
function redirectUri(siteUrl) {
  return `${siteUrl}/policja/`;
}

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (sign) => ({ "+": "-", "/": "_", "=": "" })[sign] ?? "");
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

/** The claims of a token, unverified: only to know when it ends. @param {string} token */
function claimsOf(token) {
  try {
    const bytes = atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(bytes);
  } catch {
    return {};
  }
}

/** @returns {Held | null} */
function held() {
  try {
    return JSON.parse(sessionStorage.getItem(HELD) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} access @param {string | null} refresh @returns {boolean} whether it is a token with an end */
function hold(access, refresh) {
  const { exp } = claimsOf(access);
  if (typeof exp !== "number") return false;
  sessionStorage.setItem(HELD, JSON.stringify({ access, expires: exp * 1000, refresh }));
  return true;
}

/**
 * The challenge that binds a code to whoever has the verifier (RFC 7636, S256).
 * @param {string} verifier
 */
export async function challenge(verifier) {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

/** Whether somebody has logged in in this tab, even if the login is over by now. */
export function hasLogin() {
  return held() !== null;
}

/**
 * Takes the token of a link `#/login?token=…` and removes it from the address, so that no history keeps it.
 * @returns {boolean} whether the address brought one
 */
export function takeFromLink() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const token = new URLSearchParams(query).get("token");
  if (path !== "login" || token === null) return false;
  history.replaceState(null, "", location.pathname);
  return hold(token, null);
}

/**
 * Leaves for the pool's page; `back` is the fragment to come back to.
 * @param {Provider} provider @param {string} siteUrl @param {string} back
 */
export async function leave(provider, siteUrl, back) {
  const asked = { state: random(), verifier: random(), back };
  sessionStorage.setItem(ASKED, JSON.stringify(asked));
  const query = new URLSearchParams({
    response_type: "code",
    client_id: provider.client,
    redirect_uri: redirectUri(siteUrl),
    scope: SCOPE,
    state: asked.state,
    code_challenge: await challenge(asked.verifier),
    code_challenge_method: "S256",
  });
  location.assign(`${provider.authority}/oauth2/authorize?${query}`);
}

/**
 * Comes back from the pool's page: exchanges the code and restores the address.
 * @param {Provider} provider @param {string} siteUrl
 * @returns {Promise<"nothing" | "done" | "refused" | "offline">} `nothing`: the address brings no answer of the pool's
 */
export async function comeBack(provider, siteUrl) {
  const answer = new URLSearchParams(location.search);
  if (!answer.has("state")) return "nothing";
  /** @type {{ state: string, verifier: string, back: string } | null} */
  const asked = JSON.parse(sessionStorage.getItem(ASKED) ?? "null");
  const code = answer.get("code");
  sessionStorage.removeItem(ASKED);
  // Without the state of this very tab the answer is somebody else's login, offered to this one.
  const ours = asked !== null && asked.state === answer.get("state");
  history.replaceState(null, "", `${location.pathname}${ours ? asked.back : ""}`);
  if (!ours || code === null) return "refused";
  const got = await exchange(provider, {
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri(siteUrl),
    code_verifier: asked.verifier,
  });
  if (got === "offline") return "offline";
  return got !== null && hold(got.access, got.refresh) ? "done" : "refused";
}

/**
 * The token to send, renewed where it is about to end.
 * @param {Provider | null} provider null where logins come by link alone
 * @param {number} [now] milliseconds of the epoch
 * @returns {Promise<Bearer>}
 */
export async function bearer(provider, now = Date.now()) {
  const have = held();
  if (have === null) return { ok: false, reason: "none" };
  if (have.expires - now > AHEAD_MS) return { ok: true, token: have.access };
  if (provider !== null && have.refresh !== null) {
    renewing ??= renew(provider, have, now).finally(() => (renewing = null));
    return renewing;
  }
  return have.expires > now ? { ok: true, token: have.access } : { ok: false, reason: "ended" };
}

/**
 * Forgets the login here; with a provider also at the pool, whose page then says goodbye.
 * @param {Provider | null} provider @param {string} siteUrl
 */
export function logOut(provider, siteUrl) {
  sessionStorage.removeItem(HELD);
  sessionStorage.removeItem(ASKED);
  if (provider === null) return;
  const query = new URLSearchParams({ client_id: provider.client, logout_uri: redirectUri(siteUrl) });
  location.assign(`${provider.authority}/logout?${query}`);
}

/** @param {Provider} provider @param {Held} have @param {number} now @returns {Promise<Bearer>} */
async function renew(provider, have, now) {
  const got = await exchange(provider, { grant_type: "refresh_token", refresh_token: have.refresh ?? "" });
  if (got === "offline") {
    return have.expires > now ? { ok: true, token: have.access } : { ok: false, reason: "offline" };
  }
  if (got === null || !hold(got.access, got.refresh ?? have.refresh)) return { ok: false, reason: "ended" };
  return { ok: true, token: got.access };
}

/**
 * Asks the pool for tokens: null where it refuses, "offline" where it does not answer.
 * @param {Provider} provider @param {Record<string, string>} grant
 * @returns {Promise<{ access: string, refresh: string | null } | null | "offline">}
 */
async function exchange(provider, grant) {
  try {
    const answer = await fetch(`${provider.authority}/oauth2/token`, {
      method: "POST",
      credentials: "omit",
      cache: "no-store",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ ...grant, client_id: provider.client }),
    });
    if (answer.status >= 500) return "offline";
    const { access_token: access, refresh_token: refresh } = answer.ok ? await answer.json() : {};
    return typeof access === "string" ? { access, refresh: refresh ?? null } : null;
  } catch {
    return "offline";
  }
}
