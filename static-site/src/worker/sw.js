// The service worker: without a network the page opens as it last was, with the data that it last had.
//
// It answers only what is listed here; whatever else a page asks goes to the network as if there were no worker. So no
// answer of the API that holds a code, a token or words is ever stored, and the pages of the police and of institutions
// are always the server's own.

/** @type {{ version: string, files: [path: string, integrity: string][] }} the shell that the build put in here */
const SHELL = /** @type {any} */ (self)["{{shell}}"];

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const PAGE = `page-${SHELL.version}`;
const DATA = "data";
/** Public answers of the API that hold nothing of anybody. */
const PUBLIC_ANSWERS = ["/v1/rules", "/v1/catalogue"];
/** Folders whose files never change under one name. */
const FOREVER = /^\/[avm]\//;
/** Files of a build never change; downloads, ledger and feeds are not for the map, and may be large. */
const TILE = /^\/data\/(?!exports\/|schema\/|ledger\/|feeds\/).+\/.+\.json$/;
const MOST_TILES = 300;
/** A network that does not answer for so long is as good as none. */
const PATIENCE_MS = 6_000;
const paths = new Set(SHELL.files.map(([path]) => path));

worker.addEventListener("install", (event) => {
  event.waitUntil(install());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || request.headers.has("range")) return;
  if (request.mode === "navigate") {
    if (pathname === "/") event.respondWith(newest(request, pathname));
  } else if (FOREVER.test(pathname)) event.respondWith(once(request));
  else if (paths.has(pathname)) event.respondWith(newest(request, pathname));
  else if (pathname === "/data/manifest.json" || PUBLIC_ANSWERS.includes(pathname)) event.respondWith(last(request, event));
  else if (TILE.test(pathname)) event.respondWith(tile(request, event));
});

/**
 * The whole shell or none of it: every file must be the very one of this build. An older worker keeps its own shell
 * and its pages until the last of them is closed, so that an open form never meets another build's modules.
 */
async function install() {
  const cache = await caches.open(PAGE);
  try {
    // A page of the last build may still be held by an intermediate cache; files that never change may come from the browser's own.
    await cache.addAll(SHELL.files.map(([path, integrity]) => new Request(path, { integrity, cache: FOREVER.test(path) ? "default" : "no-cache" })));
  } catch (error) {
    await caches.delete(PAGE);
    throw error;
  }
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== PAGE && name !== DATA).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** @param {Request} request @returns {Promise<Response>} rejects when nobody answers in time; what has begun may take longer */
async function inTime(request) {
  const patience = new AbortController();
  const end = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    return await fetch(request, { signal: patience.signal });
  } finally {
    clearTimeout(end);
  }
}

/** The network's, or the stored one where there is none. @param {Request} request @param {string} path */
async function newest(request, path) {
  try {
    return await inTime(request);
  } catch (error) {
    return stored(path, PAGE, error);
  }
}

/** The stored one, or the network's. @param {Request} request */
async function once(request) {
  return (await caches.match(request.url, { cacheName: PAGE })) ?? fetch(request);
}

/**
 * The network's, which is kept; else the last one, which says when it was kept.
 * @param {Request} request @param {FetchEvent} event
 */
async function last(request, event) {
  try {
    const answer = await inTime(request);
    if (answer.ok) event.waitUntil(keep(request.url, answer.clone()));
    return answer;
  } catch (error) {
    return stored(request.url, DATA, error);
  }
}

/** @param {Request} request @param {FetchEvent} event */
async function tile(request, event) {
  const held = await caches.match(request.url, { cacheName: DATA });
  if (held !== undefined) return held;
  const answer = await fetch(request);
  if (answer.ok) event.waitUntil(keep(request.url, answer.clone()));
  return answer;
}

/** @param {string} url @param {string} cacheName @param {unknown} error what the network said */
async function stored(url, cacheName, error) {
  const held = await caches.match(url, { cacheName });
  if (held === undefined) throw error;
  return held;
}

/**
 * Stores an answer with the moment at which it came; the oldest tiles make room. Once the page is no longer stored (the person has
 * deleted what is on this device, or the worker has been ended) nothing else is, whatever pages still have this worker.
 * @param {string} url @param {Response} answer
 */
async function keep(url, answer) {
  if (!(await caches.has(PAGE))) return;
  const cache = await caches.open(DATA);
  const headers = new Headers(answer.headers);
  headers.set("Kept-At", new Date().toISOString());
  await cache.put(url, new Response(await answer.blob(), { headers }));
  const tiles = (await cache.keys()).filter((request) => TILE.test(new URL(request.url).pathname));
  await Promise.all(tiles.slice(0, Math.max(0, tiles.length - MOST_TILES)).map((request) => cache.delete(request)));
}
