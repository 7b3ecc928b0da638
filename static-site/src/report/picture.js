// A photo as it leaves the device: upright, smaller, painted anew, so that neither place nor camera goes with it.

/** What the police keep; more would only take longer. */
const LONGEST_SIDE = 2560;
const MOST_BYTES = 5 * 1024 * 1024;
const QUALITIES = [0.85, 0.7, 0.5];
/** What is hidden becomes at most so many squares along its longer side: no face, no plate can be guessed from them. */
const SQUARES = 6;

/** @typedef {{ x: number, y: number, width: number, height: number }} Box in pixels of the picture */

/** @param {number} width @param {number} height */
function canvasOf(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  return { canvas, context };
}

/**
 * Paints a file on a canvas, turned as its camera was held. Rejects when the browser cannot read it.
 * @param {Blob} file
 */
export async function painted(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const { canvas, context } = canvasOf(picture.width * scale, picture.height * scale);
  // What is transparent in the file would turn black.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
}

/** Hides a part of a picture for good. @param {HTMLCanvasElement} canvas @param {Box} box */
export function hide(canvas, { x, y, width, height }) {
  const size = Math.max(width, height) / SQUARES;
  const { canvas: small, context } = canvasOf(width / size, height / size);
  context.drawImage(canvas, x, y, width, height, 0, 0, small.width, small.height);
  const own = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  own.imageSmoothingEnabled = false;
  own.drawImage(small, 0, 0, small.width, small.height, x, y, width, height);
  own.imageSmoothingEnabled = true;
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} a JPEG that the store takes */
export async function file(canvas) {
  for (const quality of QUALITIES) {
    /** @type {Blob | null} */
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob !== null && blob.size <= MOST_BYTES) return blob;
  }
  throw new Error("the picture does not become small enough");
}
