// After the first view: what lets the page open and go on without a network. Where the browser has no service worker,
// refuses it, or the person has said no, everything works as long as the network does.
import { language, stored } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { drawNotice } from "./notice.js";
import { onKept, read } from "./store.js";

/** How often a report that waits tries again while the page is looked at: a device may not know that it is online. */
const AGAIN_MS = 60_000;
/** What was chosen on the page about this device. */
const CHOICE = "offline";

export function mayKeep() {
  return state.config.offline && stored(CHOICE) !== "off";
}

/** @param {boolean} on */
export function setKeeping(on) {
  try {
    if (on) localStorage.removeItem(CHOICE);
    else localStorage.setItem(CHOICE, "off");
  } catch {
    // Where nothing may be kept, nothing is.
  }
}

export function startOffline() {
  nameApp();
  state.on("language", nameApp);
  if (mayKeep()) void keepPage();
  else void dropPage();
  onKept(drawNotice);
  state.on("language", () => void read().then(drawNotice));
  void read().then(drawNotice);
  void sendWaiting();
  addEventListener("online", () => void sendWaiting());
  document.addEventListener("visibilitychange", () => void sendWaiting());
  setInterval(() => void sendWaiting(), AGAIN_MS);
}

/** Only what the person wanted sent, and only while somebody looks: the code of the report must find its reader. */
async function sendWaiting() {
  if (document.hidden || !navigator.onLine) return;
  const { report, sent } = await read();
  if (report?.send || sent.some(({ photos }) => photos.length > 0)) await (await import("../report/outbox.js")).flush();
}

/** The installed app speaks the page's language. */
function nameApp() {
  document.querySelector("link[rel=manifest]")?.setAttribute("href", `/app/${language()}.webmanifest`);
}

/** Has the browser keep the page and the data last seen. @returns {Promise<boolean>} whether it can */
export async function keepPage() {
  try {
    await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
    return true;
  } catch {
    return false;
  }
}

/** Deletes them, and what keeps them. */
export async function dropPage() {
  try {
    for (const name of await caches.keys()) await caches.delete(name);
    for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
  } catch {
    // Then nothing is kept.
  }
}
