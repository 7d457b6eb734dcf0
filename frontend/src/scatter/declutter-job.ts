/** One computation of declutter codes, for the main thread or the worker. */
import { type DeclutterInput, declutterCodes } from "./declutter";
import { boundsOf } from "./viewport";

export interface DeclutterJob {
  readonly numItems: number;
  readonly positionsA: Float32Array;
  readonly positionsB: Float32Array;
  readonly priorities: Uint8Array | null;
  readonly hidden: Uint8Array | null;
}

export interface DeclutterResult {
  readonly numItems: number;
  readonly codesA: Uint8Array<ArrayBuffer>;
  readonly codesB: Uint8Array<ArrayBuffer>;
  /** World length of code 0. */
  readonly extent: number;
}

export function runJob(job: DeclutterJob): DeclutterResult {
  const { numItems, positionsA, positionsB, priorities, hidden } = job;
  const extent = Math.max(extentOf(positionsA, numItems), extentOf(positionsB, numItems));
  const codes = (positions: Float32Array) => {
    const input: DeclutterInput = { positions, numItems, priorities, hidden, extent };
    return new Uint8Array(declutterCodes(input));
  };
  const codesA = codes(positionsA);
  const isSame = positionsA.every((value, k) => Object.is(value, positionsB[k]));
  return { numItems, codesA, codesB: isSame ? codesA.slice() : codes(positionsB), extent };
}

/** Side of the square around a layout; 1 for a single place. */
function extentOf(positions: Float32Array, numItems: number): number {
  const bounds = boundsOf(positions, numItems);
  if (!bounds) return 1;
  return Math.max(bounds.maxX - bounds.minX, bounds.maxY - bounds.minY) || 1;
}
