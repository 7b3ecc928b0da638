// The widget for other sites: what is reported in one area, from published files alone. It stores nothing anywhere.
import { byId, fill, h } from "../lib/dom.js";
import { loadLanguage, nameOf, number, t } from "../lib/i18n.js";
import { busiest, settingsOf, yearOf } from "./figures.js";

const PATIENCE_MS = 20_000;

/** @param {string} url @returns {Promise<any>} null where there is nothing at the address */
async function read(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (answer.status === 404 || answer.status === 403) return null;
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

/** @param {string} text */
function said(text) {
  fill(byId("embed"), h("p", { role: "status" }, text));
}

/** @param {import("./figures.js").Area} area @param {import("../lib/state.js").Config} config */
function show(area, config) {
  const kinds = busiest(area, 3);
  const most = kinds[0]?.count ?? 0;
  const nameFor = (/** @type {string} */ code) => nameOf(config.catalogue.categories.find((kind) => kind.code === code)?.names ?? { [code]: code });
  fill(byId("embed"),
    h("h1", {}, area.name),
    h("p", { class: "embed-sum" }, h("strong", {}, number(yearOf(area, "all"))), " ", t("embed.year", { n: yearOf(area, "all") })),
    kinds.length > 0 && h("ul", { class: "bars" }, kinds.map(({ code, count }) =>
      h("li", {}, h("span", {}, nameFor(code)), h("strong", {}, number(count)), h("meter", { min: 0, max: most, value: count, "aria-label": nameFor(code) })))),
    h("p", { class: "hint" }, t("list.honest")));
  byId("open").setAttribute("href", `/dane/#/${area.area}`);
}

async function start() {
  const [config, manifest] = await Promise.all([read("/config.json"), read("/data/manifest.json")]);
  const { area: code, language, theme } = settingsOf(location.search, config);
  if (theme !== null) document.documentElement.dataset.theme = theme;
  await loadLanguage(language, config.zone, ["embed/"]);
  const area = manifest?.areas ? await read(manifest.areas.replace("{area}", code)) : null;
  if (area !== null) show(area, config);
  else said(t(manifest?.areas ? "embed.unknown" : "state.empty_title"));
  document.body.dataset.drawn = "true";
}

start().catch((error) => {
  console.error(error);
  // Before the language is there the page's own words stay.
  try {
    said(t("state.failed_title"));
  } catch {
    document.body.dataset.failed = "true";
  }
});
