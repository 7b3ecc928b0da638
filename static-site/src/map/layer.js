// One canvas for everything that we draw; Leaflet's Renderer keeps it in place while the map moves and zooms.
import * as L from "leaflet";

import { paint } from "./paint.js";

/** @typedef {import("./paint.js").Scene} Scene */

/**
 * The members of Leaflet's Renderer that its type declarations leave out.
 * @typedef {{ _bounds: L.Bounds, _center: L.LatLng, _zoom: number, _container: HTMLCanvasElement, _map: L.Map | null }} Inner
 */

export class CanvasLayer extends L.Renderer {
  /** @param {Scene} scene */
  constructor(scene) {
    super({ padding: 0.25 });
    this.scene = scene;
    this.pending = 0;
  }

  get inner() {
    return /** @type {Inner} */ (/** @type {unknown} */ (this));
  }

  _initContainer() {
    this.inner._container = document.createElement("canvas");
    this.inner._container.className = "map-canvas";
  }

  _update() {
    /** @type {{ _update(): void }} */ (/** @type {unknown} */ (L.Renderer.prototype))._update.call(this);
    this.draw();
  }

  // Called by Leaflet when vector paths hang on the renderer; ours has none.
  _updatePaths() {}

  /** Draws at the next frame, once however often it is asked. */
  redraw() {
    if (this.pending !== 0) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      this.draw();
    });
  }

  draw() {
    const { _bounds, _container: canvas, _map: map } = this.inner;
    // Before there is land to draw, the picture below shows it.
    if (!map || !_bounds?.min || this.scene.waiting) return;
    const size = _bounds.getSize();
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = Math.round(size.x * ratio);
    canvas.height = Math.round(size.y * ratio);
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    L.DomUtil.setPosition(canvas, _bounds.min);
    const context = canvas.getContext("2d");
    if (context === null) return;
    context.scale(ratio, ratio);
    const origin = map.getPixelOrigin().add(_bounds.min);
    paint(context, this.scene, { zoom: map.getZoom(), x: origin.x, y: origin.y, width: size.x, height: size.y, margin: (size.x - map.getSize().x) / 2 });
  }
}
