/** @typedef {{ authority: string, client: string }} Login where officers log in, and the console's name there */

/**
 * What the browser must know about the instance.
 * @param {import("./instance.mjs").Instance} instance
 * @param {{ basemap: import("./tiles.mjs").Basemap, siteUrl: string, login: Login | null }} built
 */
export function siteConfig({ instance, catalogue, site }, built) {
  const { code, names, zone, languages, default_language, bounds, centre, emergency, country_buffer_m } = instance;
  return {
    code,
    names,
    zone,
    languages,
    default_language,
    bounds,
    centre,
    emergency,
    country_buffer_m,
    basemap: built.basemap,
    site_url: built.siteUrl,
    login: built.login,
    licence: { title: instance.open_data.licence.title, url: instance.open_data.licence.url },
    common: site.common,
    offline: site.offline !== false,
    declaration: site.declaration !== undefined,
    catalogue: {
      version: catalogue.version,
      groups: catalogue.groups,
      categories: catalogue.categories.map((category) => ({
        code: category.code,
        names: category.names,
        group: category.group,
        icon: category.icon,
        sensitivity: category.sensitivity,
        description_required: category.description_required,
        public_after_confirmation: category.public_after_confirmation,
        verify_days: category.verify_days,
        take_up_days: category.take_up_days,
        valid_from: category.valid_from,
        valid_to: category.valid_to,
      })),
    },
  };
}
