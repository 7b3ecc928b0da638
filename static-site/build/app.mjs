// What makes the site an app that can be installed: icons, one manifest a language, and the service worker.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { transform } from "esbuild";

import { integrity } from "./group.mjs";
import { png, svg } from "./mark.mjs";
import { tokens } from "./tokens.mjs";

/** File → pixels, and how much of the side the mark takes where the ground fills all (a system cuts such an icon to its own shape). */
const ICONS = /** @type {[string, number, number?][]} */ ([
  ["app/icon-192.png", 192], ["app/icon-512.png", 512], ["app/maskable-512.png", 512, 0.78], ["app/touch-180.png", 180, 0.9],
]);

/** Own files that the public page never asks for. */
const OTHERS = /^(languages\/)?(police|partner|dane|info|embed|generator)[./]/;

/** @param {string} sources @returns {Promise<{ svg: string, files: [string, Buffer][] }>} the mark in the colours of the light scheme */
export async function icons(sources) {
  const token = await tokens(sources);
  const colours = { ground: token("primary", "light"), line: token("on-primary", "light"), eye: token("focus-halo", "light") };
  return { svg: svg(colours), files: ICONS.map(([name, size, share]) => [name, png(colours, size, share)]) };
}

/**
 * One web app manifest for each language of the instance.
 * @param {string} sources @param {import("./instance.mjs").Instance} instance @param {import("./group.mjs").Group} own
 * @returns {Promise<[string, string][]>}
 */
export async function manifests(sources, { instance }, own) {
  const token = await tokens(sources);
  return instance.languages.map((language) => {
    /** @type {Record<string, string>} */
    const texts = JSON.parse(String(own.members.get(`languages/${language}.json`)));
    const manifest = {
      // The language is no other app.
      id: "/", start_url: "/", scope: "/", display: "standalone", lang: language, dir: "ltr",
      name: `${texts["app.title"]} · ${instance.names[language] ?? instance.names[instance.default_language]}`,
      short_name: texts["app.name"], description: texts["app.description"],
      theme_color: token("strip", "light"), background_color: token("bg", "light"),
      categories: ["government", "utilities"],
      icons: [
        { src: "/app/icon-192.png", sizes: "192x192", type: "image/png" },
        { src: "/app/icon-512.png", sizes: "512x512", type: "image/png" },
        { src: "/app/maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        { src: own.url("icon.svg"), sizes: "any", type: "image/svg+xml" },
      ],
      shortcuts: [{ name: texts["report.start"], url: "/#/report" }, { name: texts["menu.follow"], url: "/#/follow" }],
    };
    return [`app/${language}.webmanifest`, JSON.stringify(manifest)];
  });
}

/**
 * The worker with the list of all that the page may need without a network, or the one that ends it.
 * @param {string} sources
 * @param {{ offline: boolean, groups: import("./group.mjs").Group[], files: Map<string, Buffer | string> }} built
 * `files`: those whose content changes under one name, by path from the root
 */
export async function serviceWorker(sources, { offline, groups, files }) {
  const source = await readFile(path.join(sources, "worker", offline ? "sw.js" : "stop.js"), "utf8");
  const shell = [
    .../** @type {[string, string][]} */ ([...files].map(([name, body]) => [`/${name}`, integrity(Buffer.from(body))])),
    ...groups.flatMap((group) => [...group.members.keys()].filter((name) => !OTHERS.test(name)).map((name) => [group.url(name), group.integrity(name)])),
  ];
  const list = JSON.stringify(shell);
  // Another worker has a store of its own even where it keeps the same files.
  const version = createHash("sha256").update(source).update(list).digest("hex").slice(0, 12);
  const code = source.replace('/** @type {any} */ (self)["{{shell}}"]', () => `{ version: "${version}", files: ${list} }`);
  return (await transform(code, { loader: "js", minify: true, target: "es2022" })).code;
}
