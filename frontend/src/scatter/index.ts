/** The map renderer: WebGL2, no framework, no words of labeling. See `types.ts` for the conventions. */
export { MAX_CELLS_PER_REQUEST } from "./defaults";
export { InvalidScatterData, ScatterError, WebGlUnavailable } from "./errors";
export type * from "./types";
