// Response headers of every path: the local front server and the CDN both read headers.json.

const SECURITY = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
};

const FOREVER = "public, max-age=31536000, immutable";

/**
 * @param {string} importMapHash base64 SHA-256 of the only inline script
 * @param {string} [more] other origins that the page may ask
 * @param {string} [images] further sources of pictures
 * @param {string} [around] origins whose pages may frame this one
 */
function policy(importMapHash, more = "", images = "", around = "'none'") {
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${importMapHash}'`,
    "style-src 'self'",
    `img-src 'self' data:${images}`,
    `connect-src 'self'${more}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${around}`,
  ].join("; ");
}

// Photos are posted to the quarantine bucket itself, and looked at in the bucket of clean copies. Only a deployment knows
// their origins: whoever serves these headers writes them in the places of {uploads} and {photos}.
const UPLOADS = " {uploads}";
const PHOTOS = " {photos}";

// Nothing runs there but the script that sets the chosen theme.
const PLAIN = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * `all` goes with every answer; of `rules` the one with the longest matching prefix adds its own.
 * @param {{ public: string, police: string, partner: string, dane: string, embed: string, generator: string }} hashes of the pages' import maps
 * @param {import("./config.mjs").Login | null} login the console exchanges its codes for tokens there
 * @param {string[]} around origins whose pages may show the widget, beside this one's own
 * @param {{ pictures: string, files: string }} [streets] origins of the streets under the map
 */
export function headerRules(hashes, login, around, streets = { pictures: "", files: "" }) {
  const page = { "Cache-Control": "no-cache", "Content-Security-Policy": policy(hashes.public, `${UPLOADS}${streets.files}`, streets.pictures) };
  // Officers look at photos where the bucket keeps them, by links that end within a minute.
  const police = { ...page, "Content-Security-Policy": policy(hashes.police, `${login ? ` ${login.authority}` : ""}${streets.files}`, `${PHOTOS}${streets.pictures}`) };
  const partner = { ...page, "Content-Security-Policy": policy(hashes.partner) };
  const dane = { ...page, "Content-Security-Policy": policy(hashes.dane) };
  const embed = { ...page, "Content-Security-Policy": policy(hashes.embed, "", "", ["'self'", ...around].join(" ")) };
  // Its preview is the widget.
  const generator = { ...page, "Content-Security-Policy": `${policy(hashes.generator)}; frame-src 'self'` };
  return {
    all: SECURITY,
    rules: [
      { prefix: "/", headers: page },
      { prefix: "/policja/", headers: police },
      { prefix: "/partner/", headers: partner },
      { prefix: "/dane/", headers: dane },
      { prefix: "/embed/", headers: embed },
      { prefix: "/embed/generator/", headers: generator },
      { prefix: "/info/", headers: { ...page, "Content-Security-Policy": PLAIN } },
      { prefix: "/a/", headers: { "Cache-Control": FOREVER } },
      { prefix: "/v/", headers: { "Cache-Control": FOREVER } },
      { prefix: "/m/", headers: { "Cache-Control": FOREVER } },
      // What the worker itself fetches obeys its own policy.
      { prefix: "/sw.js", headers: { "Cache-Control": "no-cache", "Content-Security-Policy": "default-src 'none'; connect-src 'self'" } },
      { prefix: "/app/", headers: { "Cache-Control": "public, max-age=86400" } },
      { prefix: "/config.json", headers: { "Cache-Control": "public, max-age=60" } },
      { prefix: "/data/notice.json", headers: { "Cache-Control": "public, max-age=60" } },
      { prefix: "/data/places.json", headers: { "Cache-Control": "public, max-age=300" } },
    ],
  };
}
