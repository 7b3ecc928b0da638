// Colours of the style sheet's tokens, for what cannot read it: the installed app's frame and icons.
import { readFile } from "node:fs/promises";
import path from "node:path";

/** @param {string} colour #rgb or #rrggbb @returns {string} #rrggbb */
function whole(colour) {
  return colour.length === 4 ? `#${[...colour.slice(1)].map((digit) => digit + digit).join("")}` : colour;
}

/**
 * @param {string} sources @returns {Promise<(name: string, scheme: "light" | "dark") => string>} #rrggbb of a token
 */
export async function tokens(sources) {
  const sheet = await readFile(path.join(sources, "styles", "1-tokens.css"), "utf8");
  return (name, scheme) => {
    const found = sheet.match(new RegExp(`--${name}: (?:light-dark\\((#\\w+), (#\\w+)\\)|(#\\w+));`));
    if (found === null) throw new Error(`No plain colour --${name} among the tokens`);
    return whole(found[3] ?? found[scheme === "light" ? 1 : 2]);
  };
}
