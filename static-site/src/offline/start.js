// After the first view: what lets the page open and go on without a network. Where the browser has no service worker,
// refuses it, or the person has said no, everything works as long as the network does.
import { language, stored } from "../lib/i18n.js";
import { state } from "../lib/state.js";

/** What was chosen on the page about this device. */
const CHOICE = "offline";

export function mayKeep() {
  return state.config.offline && stored(CHOICE) !== "off";
}

export function startOffline() {
  nameApp();
  state.on("language", nameApp);
  if (mayKeep()) void keepPage();
  else void dropPage();
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
