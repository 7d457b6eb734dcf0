/** The canvas of a map: fills its container, follows its size, and tells when a lost WebGL context is back. */
import { MAX_PIXEL_RATIO } from "./defaults";
import { createContext } from "./gl-program";
import type { ScatterOptions } from "./types";
import type { Size } from "./viewport";

/** Colour and depth of a pixel, drawn and shown. */
const BYTES_PER_PIXEL = 12;

export interface SurfaceHandlers {
  readonly onResize: () => void;
  readonly onRestored: () => void;
}

export class Surface {
  readonly canvas: HTMLCanvasElement;
  readonly gl: WebGL2RenderingContext;
  size: Size = { width: 1, height: 1 };
  /** Device pixels for a CSS pixel, capped. */
  pixelRatio = 1;
  private readonly container: HTMLElement;
  private readonly resizes: ResizeObserver;
  private readonly abort = new AbortController();

  constructor(options: ScatterOptions, { onResize, onRestored }: SurfaceHandlers) {
    this.container = options.container;
    this.canvas = createCanvas(options.label ?? "Map");
    this.gl = createContext(this.canvas, options.preserveDrawingBuffer ?? false);
    if (getComputedStyle(this.container).position === "static") this.container.style.position = "relative";
    this.container.append(this.canvas);
    const { signal } = this.abort;
    this.canvas.addEventListener("webglcontextlost", (event) => event.preventDefault(), { signal });
    this.canvas.addEventListener("webglcontextrestored", onRestored, { signal });
    this.measure();
    this.resizes = new ResizeObserver(() => {
      if (this.measure()) onResize();
    });
    this.resizes.observe(this.container);
  }

  get bytes(): number {
    return this.canvas.width * this.canvas.height * BYTES_PER_PIXEL;
  }

  dispose(): void {
    this.abort.abort();
    this.resizes.disconnect();
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
    this.canvas.remove();
  }

  /** Takes the container's size; true when it changed (setting a canvas's size clears it). */
  private measure(): boolean {
    const { clientWidth, clientHeight } = this.container;
    this.size = { width: Math.max(1, clientWidth), height: Math.max(1, clientHeight) };
    this.pixelRatio = Math.min(MAX_PIXEL_RATIO, window.devicePixelRatio || 1);
    const width = Math.round(this.size.width * this.pixelRatio);
    const height = Math.round(this.size.height * this.pixelRatio);
    if (this.canvas.width === width && this.canvas.height === height) return false;
    this.canvas.width = width;
    this.canvas.height = height;
    return true;
  }
}

function createCanvas(label: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  Object.assign(canvas.style, {
    position: "absolute",
    inset: "0",
    width: "100%",
    height: "100%",
    display: "block",
    touchAction: "none",
    outlineOffset: "-2px",
  });
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", label);
  return canvas;
}
