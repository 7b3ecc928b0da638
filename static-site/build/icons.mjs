// Line icons from lucide-static (ISC), joined into one inline sprite: no request, and <use> needs no other origin.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Icons of the interface; the catalogue names those of the categories. */
const INTERFACE = [
  "arrow-down", "arrow-left", "arrow-right", "arrow-up", "calendar", "check", "chevron-right", "clock", "copy",
  "crosshair", "download", "file-search", "info", "link", "locate-fixed", "mail", "map", "map-pin", "menu", "pencil", "phone",
  "plus", "minus", "camera", "printer", "refresh-cw", "repeat", "save", "search", "sliders-horizontal", "trash-2",
  "triangle-alert", "undo-2", "users", "wifi-off", "x",
];

/** Icons of the police console alone. */
export const POLICE_ICONS = [
  "arrow-left-right", "camera", "chart-column", "check-check", "circle-help", "clipboard-list", "cloud-off", "combine", "flag",
  "footprints", "history", "keyboard", "list", "log-out", "message-square", "moon", "pause", "play", "send", "settings", "shield-check", "sun",
];

/** Icons that the page of institutions needs beside those of the categories. */
export const PARTNER_ICONS = ["check", "info", "link", "locate-fixed", "map", "map-pin", "refresh-cw", "triangle-alert", "undo-2", "wifi-off", "x"];

/** Icons that the page of charts needs beside those of the categories. */
export const DANE_ICONS = ["check", "clock", "download", "info", "link", "mail", "menu", "phone", "refresh-cw", "search", "wifi-off"];

/** What the page that makes the widget's snippet needs. */
export const GENERATOR_ICONS = ["menu", "phone"];

/** @param {string} name @returns {Promise<string>} */
async function symbol(name) {
  const svg = await readFile(require.resolve(`lucide-static/icons/${name}.svg`), "utf8");
  const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return `<symbol id="i-${name}" viewBox="0 0 24 24">${inner.replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>")}</symbol>`;
}

/** @param {string[]} categoryIcons names of lucide icons @param {string[]} [own] the page's @returns {Promise<string>} */
export async function sprite(categoryIcons, own = INTERFACE) {
  const names = [...new Set([...own, ...categoryIcons])].sort();
  return `<svg class="sprite" aria-hidden="true" width="0" height="0">${(await Promise.all(names.map(symbol))).join("")}</svg>`;
}
