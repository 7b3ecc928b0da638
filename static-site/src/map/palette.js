// Colours of the canvas, read from the style sheet's tokens so that themes and forced colours have one source.

const TOKENS = /** @type {const} */ ([
  "sea", "land", "own-land", "border", "inner-border", "map-ink", "map-halo", "hex-1", "hex-2", "hex-3", "hex-4", "hex-5",
  "hex-line", "select", "status-new", "status-verifying", "status-confirmed", "status-passed_on", "status-unconfirmed",
  "status-eliminated", "point-halo",
]);

/** @typedef {Record<typeof TOKENS[number], string>} Palette */

/** @returns {Palette} as the page's theme is now */
export function readPalette() {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  /** @type {Partial<Palette>} */
  const palette = {};
  for (const token of TOKENS) {
    probe.style.color = `var(--${token})`;
    palette[token] = getComputedStyle(probe).color;
  }
  probe.remove();
  return /** @type {Palette} */ (palette);
}
