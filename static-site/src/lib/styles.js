// Style sheets that come when they are needed.
import { h } from "./dom.js";

/** @type {Promise<unknown> | null} */
let styles = null;

/** The styles that the map does not need, once. */
export function viewStyles() {
  styles ??= loadSheet(new URL("../views.css", import.meta.url).pathname);
  return styles;
}

/** @param {string} href @param {"append" | "prepend"} [how] what comes last wins over what is alike */
export function loadSheet(href, how = "append") {
  const sheet = h("link", { rel: "stylesheet", href });
  return new Promise((resolve) => {
    // Without its styles a view still works.
    sheet.addEventListener("load", resolve);
    sheet.addEventListener("error", resolve);
    document.head[how](sheet);
  });
}
