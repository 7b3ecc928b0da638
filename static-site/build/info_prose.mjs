// What the map is, how it reckons, how to build on it, and how accessible it is: the pages that are mostly words.
import { escaped, list } from "./words.mjs";

/** @typedef {import("./info.mjs").Page} Page */

/** @param {Page} page @param {string[]} names of sections, each with a title */
function sections({ say }, names) {
  return names.map((name) => `<h2>${say(`${name}_title`)}</h2><p>${say(name)}</p>`).join("\n");
}

/** @param {Page} page */
export function start(page) {
  const { say, instance: { instance, catalogue }, language } = page;
  const { number } = instance.emergency;
  const groups = catalogue.groups.map(({ code, names }) => {
    const items = catalogue.categories.filter((category) => category.group === code && category.valid_to === null);
    return items.length === 0 ? "" : `<section><h3>${escaped(names[language])}</h3>${list(items.map((item) => escaped(item.names[language])))}</section>`;
  });
  return [
    `<p class="info-lead">${say("app.lead")}</p>`,
    `<section class="info-alarm"><h2>${say("emergency.title")}</h2><p>${say("emergency.text")}</p><a class="button alarm big" href="tel:${escaped(number)}">${say("emergency.call", { number })}</a></section>`,
    sections(page, ["about.what"]),
    `<h2>${say("info.how_title")}</h2>`,
    list(["what", "where", "when", "text", "code"].map((step) => say(`info.how_${step}`)), "ol"),
    `<p>${say("info.how_after")}</p>`,
    `<p class="row"><a class="button primary" href="/#/report">${say("report.start")}</a><a class="button" href="/">${say("info.open_map")}</a></p>`,
    `<h2>${say("info.without_title")}</h2><p>${say("noscript.text")}</p>`,
    `<h2>${say("noscript.categories")}</h2><div class="info-columns">${groups.join("")}</div>`,
  ].join("\n");
}

/** @param {Page} page */
export function about(page) {
  const { say } = page;
  return [
    sections(page, ["about.what", "about.who", "about.place", "about.limits"]),
    `<h2>${say("info.method_title")}</h2>`,
    list(["counted", "expected", "hot", "guarded", "nightly"].map((part) => say(`info.method_${part}`))),
    `<p><a href="/dane/">${say("info.open_data")}</a></p>`,
    sections(page, ["about.keys", "about.sources"]),
  ].join("\n");
}

/** @param {string} text */
function code(text) {
  return `<pre tabindex="0"><code>${escaped(text)}</code></pre>`;
}

/** @param {Page} page */
export function developers({ say, siteUrl }) {
  const origin = siteUrl || "https://…";
  return [
    `<p class="info-lead">${say("info.developers_lead")}</p>`,
    `<h2>${say("info.files_title")}</h2><p>${say("info.files")}</p>`,
    list([
      `<a href="/data/manifest.json">/data/manifest.json</a>: ${say("info.file_manifest")}`,
      `<a href="/dane/">/dane/</a>: ${say("info.file_exports")}`,
      `<code>/data/feeds/powiat/{teryt}.atom</code>: ${say("info.file_feeds")}`,
    ]),
    `<h2>${say("info.api_title")}</h2><p>${say("info.api")} <a href="/v1/openapi.json">/v1/openapi.json</a></p>`,
    code(`curl '${origin}/v1/reports?lat=52.23&lon=21.01&radius_m=500'`),
    `<h2>${say("info.filing_api_title")}</h2><p>${say("info.filing_api")}</p>`,
    code(`curl -X POST ${origin}/v1/challenge -H 'Content-Type: application/json' \\\n  -d '{"idempotency_key": "…", "client": "api"}'`),
    `<h2>Open311</h2><p>${say("info.open_eleven")} <a href="/open311/v2/discovery.json">/open311/v2/discovery.json</a></p>`,
    `<h2>${say("info.widget_title")}</h2><p>${say("info.widget")}</p><p><a class="button" href="/embed/generator/">${say("info.widget_make")}</a></p>`,
  ].join("\n");
}

/** @param {string} id @param {string | null} text @param {string} missing */
function stated(id, text, missing) {
  return `<span id="${id}">${text === null ? missing : escaped(text)}</span>`;
}

/** @param {string} id @param {string} day YYYY-MM-DD */
function dated(id, day) {
  return `<time id="${id}" datetime="${day}">${day}</time>`;
}

/**
 * The declaration, with the identifiers by which monitoring finds its parts (technical conditions to the Polish act of
 * 4 April 2019 on digital accessibility). What only an operator knows stands in the instance's site.json.
 * @param {Page} page
 */
export function declaration(page) {
  const { say, instance: { instance, site }, language, siteUrl } = page;
  if (site.declaration === undefined) throw new Error("The instance states nothing for a declaration");
  const { published, updated, prepared, person, email, phone } = site.declaration;
  const missing = say("info.not_stated");
  return [
    `<p id="a11y-wstep">${stated("a11y-podmiot", instance.open_data.publisher[language], missing)} ${say("info.declares")} <a id="a11y-url" href="${escaped(siteUrl)}/">${escaped(siteUrl || say("app.name"))}</a>.</p>`,
    list([`${say("info.published")} ${dated("a11y-data-publikacja", published)}`, `${say("info.updated")} ${dated("a11y-data-aktualizacja", updated)}`]),
    `<h2>${say("info.state_title")}</h2><p id="a11y-status">${say("info.state")}</p>`,
    `<h3>${say("info.inaccessible_title")}</h3><div id="a11y-tresci-niedostepne">${list([say("info.inaccessible_map"), say("info.inaccessible_untested")])}</div>`,
    `<h2>${say("info.prepared_title")}</h2>`,
    list([`${say("info.prepared")} ${dated("a11y-data-sporzadzenie", prepared)}`, `${say("info.reviewed")} ${dated("a11y-data-przeglad", prepared)}`]),
    `<p id="a11y-audytor">${say("info.assessed")}</p>`,
    `<h2>${say("about.keys_title")}</h2><p>${say("about.keys")}</p>`,
    `<h2 id="a11y-kontakt">${say("info.contact_title")}</h2>`,
    list([
      `${say("info.person")} ${stated("a11y-osoba", person, missing)}`, `${say("info.email")} ${stated("a11y-email", email, missing)}`,
      `${say("info.phone")} ${stated("a11y-telefon", phone, missing)}`,
    ]),
    `<div id="a11y-procedura"><h3>${say("info.procedure_title")}</h3><p>${say("info.procedure")}</p><p>${say("info.ombudsman")} <a href="https://bip.brpo.gov.pl/">bip.brpo.gov.pl</a></p></div>`,
    `<h2>${say("info.building_title")}</h2><p id="a11y-architektura">${say("info.building")}</p>`,
    `<h2>${say("info.apps_title")}</h2><p id="a11y-aplikacje">${say("info.apps")}</p>`,
  ].join("\n");
}
