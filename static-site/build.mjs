// Builds the site of one instance: node build.mjs --instance pl --out ../dist/site --rules rules.json [--site-url https://…]
//
// Nothing is bundled. Own modules, styles and languages go to /a/<hash>/, third-party packages to /v/<hash>/, generated
// map data to /m/<hash>/; the three folders never change under one name, so they are cached for ever. index.html names
// them in an import map with the integrity of every module, and the hash of that map is the only inline script allowed.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { icons, manifests, serviceWorker } from "./build/app.mjs";
import { basemap, overview } from "./build/basemap.mjs";
import { siteConfig } from "./build/config.mjs";
import { Group } from "./build/group.mjs";
import { headerRules } from "./build/headers.mjs";
import { infoPages } from "./build/info.mjs";
import { ownFiles, plainSheet } from "./build/own.mjs";
import { renderPages } from "./build/page.mjs";
import { gazetteer } from "./build/places.mjs";
import { unitNames } from "./build/units.mjs";
import { readInstance } from "./build/instance.mjs";
import { sizeReport } from "./build/sizes.mjs";
import { basemapOf, originsOf } from "./build/tiles.mjs";
import { vendorFiles } from "./build/vendor.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));

/** @param {string} out @param {Map<string, Buffer | string>} files */
async function writeAll(out, files) {
  await rm(out, { recursive: true, force: true });
  for (const [name, body] of files) {
    const target = path.join(out, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, body);
  }
}

/**
 * The whole site as relative path → bytes.
 * @param {{ instanceDir: string, siteUrl: string, login: import("./build/config.mjs").Login | null,
 *   rules: any }} options `rules`: what /v1/rules serves
 */
export async function buildSite({ instanceDir, siteUrl, login, rules }) {
  const instance = await readInstance(instanceDir);
  const places = await gazetteer(instance);
  const map = await basemap(instance);
  const sources = path.join(HERE, "src");
  const own = new Group("a", await ownFiles(sources, path.join(HERE, "languages"), instance));
  const vendor = new Group("v", await vendorFiles(instance.site.basemap?.type === "pmtiles"));
  const data = new Group("m", new Map([["basemap.json", JSON.stringify(map)]]));
  const streets = basemapOf(instance.site.basemap, data.url("basemap.json"));
  const config = siteConfig(instance, { basemap: streets, siteUrl, login });
  const pages = await renderPages(sources, {
    instance,
    own,
    vendor,
    overview: overview(map, instance),
    areas: places.areas,
    siteUrl,
  });
  // What the public page asks for under names that stay.
  /** @type {Map<string, Buffer | string>} */
  const named = new Map([
    ["config.json", JSON.stringify(config)],
    ["data/places.json", JSON.stringify(places)],
    ["data/units.json", JSON.stringify(unitNames(instance))],
  ]);
  const shell = new Map([["", pages.html], ...named]);
  /** @type {Map<string, Buffer | string>} */
  const files = new Map([
    .../** @type {[string, Buffer | string][]} */ (own.files()),
    ...vendor.files(),
    ...data.files(),
    ...named,
    ...(await icons(sources)).files,
    ...(await manifests(sources, instance, own)),
    await plainSheet(sources),
    ["sw.js", await serviceWorker(sources, { offline: config.offline, groups: [own, vendor, data], files: shell })],
    ["index.html", pages.html],
    ["404.html", pages.missing],
    ["policja/index.html", pages.police],
    ["partner/index.html", pages.partner],
    ["dane/index.html", pages.dane],
    ["embed/index.html", pages.embed],
    ["embed/generator/index.html", pages.generator],
    ...(await infoPages(sources, instance, own, { rules, siteUrl })),
    // What stands before an operator says anything: whoever uploads the site leaves a notice that is there already.
    ["data/notice.json", JSON.stringify({ intake: "open", since: null, until: null, notice: {} })],
    ["robots.txt", "User-agent: *\nAllow: /\n"],
    ["headers.json", JSON.stringify(headerRules(pages.hashes, login, instance.site.embed ?? [], originsOf(streets)), null, 1)],
  ]);
  return { files, own, vendor, data };
}

async function main() {
  const { values } = parseArgs({
    options: {
      instance: { type: "string", default: "pl" },
      out: { type: "string", default: path.join(HERE, "..", "dist", "site") },
      rules: { type: "string" },
      "site-url": { type: "string", default: "" },
      // Without a page of the pool's own officers log in by a link, as on one's own machine.
      "login-authority": { type: "string", default: "" },
      "login-client": { type: "string", default: "" },
    },
  });
  const instanceDir = path.resolve(HERE, "..", "instances", values.instance);
  const [authority, client] = [values["login-authority"], values["login-client"]];
  const login = authority && client ? { authority, client } : null;
  if (values.rules === undefined) throw new Error("--rules names no file with what /v1/rules serves");
  const rules = JSON.parse(await readFile(values.rules, "utf8"));
  const built = await buildSite({ instanceDir, siteUrl: values["site-url"], login, rules });
  await writeAll(path.resolve(values.out), built.files);
  const report = sizeReport(built);
  console.log(JSON.stringify(report));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
