/** The map renderer: WebGL2, no framework, no words of labeling. See `types.ts` for the conventions. */
export { boxFromProfile } from "../lib/profile-boxes";
export { aspectByte } from "./crop";
export { MAX_CELLS_PER_REQUEST, MIN_RETENTION } from "./defaults";
export { InvalidScatterData, ScatterError, WebGlUnavailable } from "./errors";
export { ScatterMap } from "./scatter-map";
export { combineSelection, indexesOfFlags } from "./selection";
export type * from "./types";
