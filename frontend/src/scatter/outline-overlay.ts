/** The lasso or box while it is drawn, and the ring of the keyboard focus: an SVG over the canvas. */
import type { ScatterTheme, SelectionCombine } from "./types";
import type { Point } from "./viewport";

const SVG = "http://www.w3.org/2000/svg";
const DASHES: Record<SelectionCombine, string> = { replace: "", add: "", subtract: "2 5", intersect: "10 4" };

export class OutlineOverlay {
  private readonly svg: SVGSVGElement;
  private readonly halo: SVGPolygonElement;
  private readonly line: SVGPolygonElement;

  constructor(container: HTMLElement, theme: ScatterTheme) {
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("aria-hidden", "true");
    Object.assign(this.svg.style, {
      position: "absolute",
      inset: "0",
      width: "100%",
      height: "100%",
      pointerEvents: "none",
      overflow: "hidden",
    });
    this.halo = this.polygon("4");
    this.line = this.polygon("1.75");
    this.svg.append(this.halo, this.line);
    container.append(this.svg);
    this.setTheme(theme);
  }

  setTheme(theme: ScatterTheme): void {
    this.halo.setAttribute("stroke", theme.background);
    this.halo.setAttribute("stroke-opacity", "0.7");
    this.line.setAttribute("stroke", theme.accent);
    this.line.setAttribute("fill", theme.accent);
    this.line.setAttribute("fill-opacity", "0.1");
  }

  draw(polygon: readonly Point[], combine: SelectionCombine): void {
    const points = polygon.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
    this.halo.setAttribute("points", points);
    this.line.setAttribute("points", points);
    this.line.setAttribute("stroke-dasharray", DASHES[combine]);
  }

  clear(): void {
    this.halo.setAttribute("points", "");
    this.line.setAttribute("points", "");
  }

  dispose(): void {
    this.svg.remove();
  }

  private polygon(width: string): SVGPolygonElement {
    const polygon = document.createElementNS(SVG, "polygon");
    polygon.setAttribute("fill", "none");
    polygon.setAttribute("stroke-width", width);
    polygon.setAttribute("stroke-linejoin", "round");
    return polygon;
  }
}
