import { createHash } from "node:crypto";

/** @param {Buffer} body @returns {string} subresource integrity value */
export function integrity(body) {
  return `sha384-${createHash("sha384").update(body).digest("base64")}`;
}

/** Files that share one content hash, published under /<prefix>/<hash>/ and never changed there. */
export class Group {
  /** @param {string} prefix @param {Map<string, Buffer | string>} members relative path → bytes */
  constructor(prefix, members) {
    /** @type {Map<string, Buffer>} */
    this.members = new Map();
    const hash = createHash("sha256");
    for (const name of [...members.keys()].sort()) {
      const body = Buffer.from(/** @type {Buffer} */ (members.get(name)));
      this.members.set(name, body);
      hash.update(name).update("\0").update(body);
    }
    this.base = `${prefix}/${hash.digest("hex").slice(0, 12)}`;
  }

  /** @param {string} name @returns {string} address from the root of the site */
  url(name) {
    if (!this.members.has(name)) throw new Error(`No file ${name} under ${this.base}`);
    return `/${this.base}/${name}`;
  }

  /** @param {string} name */
  integrity(name) {
    const body = this.members.get(name);
    if (body === undefined) throw new Error(`No file ${name} under ${this.base}`);
    return integrity(body);
  }

  /** @returns {[string, Buffer][]} path relative to the site's root → bytes */
  files() {
    return [...this.members].map(([name, body]) => [`${this.base}/${name}`, body]);
  }

  /** @returns {string[]} names of the JavaScript modules */
  modules() {
    return [...this.members.keys()].filter((name) => name.endsWith(".js"));
  }
}
