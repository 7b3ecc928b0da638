// The built-in basemap: the instance's own outline and inner borders, land and borders of its surroundings.
// Sources are packages of the lock file (Natural Earth, public domain) or a file of the instance folder.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

import { feature, merge, mesh } from "topojson-client";
import { presimplify, quantile, simplify } from "topojson-simplify";

import { clipLine, clipRing, coded, decoded } from "./geometry.mjs";

const require = createRequire(import.meta.url);

/** @typedef {import("./geometry.mjs").Position} Position */
/** @typedef {import("./geometry.mjs").Box} Box */
/**
 * @typedef {{ scale: number, over_sea: boolean, bounds: Box, land: number[][], own: number[][], inner: number[][],
 *   borders: number[][] }} Basemap rings and lines as coded by `coded`; an outline drawn `over_sea` does not follow the
 *   coast
 */

/** Degrees shown around the instance's bounds: what a wide screen sees at the first zoom. */
const MARGIN = 9;
/** Share of a country's surroundings that stays: they are a backdrop, seen from afar. A city's are seen from near. */
const KEPT = 0.12;
/** Degrees of longitude up to which an instance is a city. */
const CITY = 4;

/** @param {string} file @returns {Promise<any>} */
async function readJson(file) {
  return JSON.parse(await readFile(file, "utf8"));
}

/** @param {import("geojson").Geometry} geometry @returns {Position[][][]} polygons */
function polygons(geometry) {
  if (geometry.type === "Polygon") return [/** @type {Position[][]} */ (geometry.coordinates)];
  if (geometry.type === "MultiPolygon") return /** @type {Position[][][]} */ (geometry.coordinates);
  return [];
}

/** @param {import("geojson").Geometry} geometry @returns {Position[][]} */
function lines(geometry) {
  if (geometry.type === "LineString") return [/** @type {Position[]} */ (geometry.coordinates)];
  if (geometry.type === "MultiLineString") return /** @type {Position[][]} */ (geometry.coordinates);
  return [];
}

/**
 * Outer rings of the instance and the lines inside it.
 * @param {import("./instance.mjs").Instance} instance
 * @returns {Promise<{ rings: Position[][], inner: Position[][], scale: number, over_sea: boolean }>}
 */
async function ownOutline({ dir, site }) {
  if ("file" in site.source) {
    const collection = await readJson(path.join(dir, site.source.file));
    /** @type {import("geojson").Feature[]} */
    const features = collection.features ?? [collection];
    const rings = features.flatMap((item) => polygons(item.geometry ?? item).map((polygon) => polygon[0]));
    return { rings, inner: [], scale: 100_000, over_sea: true };
  }
  const topology = await readJson(require.resolve(site.source.package));
  const object = topology.objects[site.source.object];
  const rings = polygons(merge(topology, object.geometries)).map((polygon) => polygon[0]);
  return { rings, inner: lines(mesh(topology, object, (a, b) => a !== b)), scale: 1_000, over_sea: false };
}

/** @param {Box} box @param {number} kept @returns {Promise<{ land: Position[][], borders: Position[][] }>} */
async function surroundings(box, kept) {
  const weighted = presimplify(await readJson(require.resolve("world-atlas/countries-10m.json")));
  const topology = /** @type {any} */ (simplify(weighted, kept < 1 ? quantile(weighted, kept) : 0));
  /** @type {import("geojson").FeatureCollection} */
  const land = /** @type {any} */ (feature(topology, topology.objects.land));
  const geometries = land.features.map((item) => item.geometry);
  const rings = geometries.flatMap((geometry) => polygons(geometry).map((polygon) => clipRing(polygon[0], box)));
  const between = lines(mesh(topology, topology.objects.countries, (a, b) => a !== b));
  return {
    land: rings.filter((ring) => ring.length > 0),
    borders: between.flatMap((line) => clipLine(line, box)),
  };
}

/** @param {import("./instance.mjs").Instance} instance @returns {Promise<Basemap>} */
export async function basemap(instance) {
  const [west, south, east, north] = instance.instance.bounds;
  const margin = Math.min(MARGIN, Math.max(1, 2 * (east - west)));
  /** @type {Box} */
  const box = [west - margin, south - margin, east + margin, north + margin];
  const { rings, inner, scale, over_sea } = await ownOutline(instance);
  const around = await surroundings(box, east - west < CITY ? 1 : KEPT);
  const code = (/** @type {Position[][]} */ list) =>
    list.map((points) => coded(points, scale)).filter((numbers) => numbers.length >= 4);
  return {
    scale,
    over_sea,
    bounds: box,
    land: code(around.land),
    own: code(rings),
    inner: code(inner),
    borders: code(around.borders),
  };
}

/**
 * The outline as an SVG path of a 100-unit-wide picture: what the page shows before the live map has come.
 * @param {Basemap} map @param {import("./instance.mjs").Instance} instance
 */
export function overview(map, { instance }) {
  const [west, south, east, north] = instance.bounds;
  const mercator = (/** @type {number} */ lat) =>
    (Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) * 180) / Math.PI;
  const unit = 100 / (east - west);
  const top = mercator(north);
  const draw = (/** @type {number[]} */ numbers, /** @type {string} */ end) =>
    "M" +
    decoded(numbers, map.scale)
      .filter((_, index, all) => all.length < 40 || index % 3 === 0)
      .map(([lon, lat]) => `${((lon - west) * unit).toFixed(1)} ${((top - mercator(lat)) * unit).toFixed(1)}`)
      .join("L") +
    end;
  const height = ((top - mercator(south)) * unit).toFixed(1);
  return {
    viewBox: `0 0 100 ${height}`,
    outline: map.own.filter((ring) => ring.length > 80).map((ring) => draw(ring, "Z")).join(""),
  };
}
