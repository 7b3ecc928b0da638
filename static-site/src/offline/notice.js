// One line above the list: what waits on this device to be sent, what was sent, and what was refused.
import { byId, fill, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** @typedef {import("./store.js").Kept} Kept */

/** @param {Kept} kept @returns {[symbol: string, text: string, action: string] | null} */
function words({ report, sent }) {
  if (sent.some(({ seen }) => !seen)) return ["check", t("waiting.sent"), t("waiting.show_code")];
  if (report?.refusal) return ["triangle-alert", t("waiting.refused"), t("waiting.show_why")];
  if (report?.send) return ["clock", t("waiting.waits"), t("waiting.show")];
  return null;
}

/** @param {Kept} kept */
export function drawNotice(kept) {
  const body = byId("panel-body");
  const place = document.querySelector(".waiting") ?? h("div", { class: "waiting", role: "status" });
  const said = words(kept);
  if (!place.isConnected) body.before(place);
  if (said === null) fill(place);
  else fill(place, icon(said[0]), h("p", {}, said[1], " ", h("a", { href: "#/kept" }, said[2])));
}
