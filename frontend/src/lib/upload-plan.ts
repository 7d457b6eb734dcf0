/** How files travel to the server: small ones together, large ones in pieces; without those that are there already. */
import { batchFiles, type PickedFile } from "./files";

export const PIECE_BYTES = 8 * 1024 * 1024;

/** A file of an open import as the server has it; `upload_id` while it still comes in pieces. */
export interface ArrivedFile {
  path: string;
  num_bytes: number;
  received: number;
  upload_id: string | null;
}

export interface LargeFile {
  picked: PickedFile;
  uploadId: string;
  /** Bytes that are there. */
  offset: number;
}

export interface SmallFile extends PickedFile {
  uploadId: string;
}

export interface UploadPlan {
  batches: SmallFile[][];
  large: LargeFile[];
  numArrived: number;
  bytesArrived: number;
}

/**
 * What is still to send. A file counts as the same when path and size are; one that came half goes on where it stopped.
 *
 * @param newId gives every file an id by which the server knows a repeated request
 */
export function planUpload(
  files: readonly PickedFile[],
  arrived: readonly ArrivedFile[],
  newId: () => string,
): UploadPlan {
  const known = new Map(arrived.map((file) => [keyOf(file.path, file.num_bytes), file]));
  const plan: UploadPlan = { batches: [], large: [], numArrived: 0, bytesArrived: 0 };
  const small: SmallFile[] = [];
  for (const picked of files) {
    const { path, file } = picked;
    const there = known.get(keyOf(path, file.size));
    if (there && there.received === there.num_bytes) {
      plan.numArrived += 1;
      plan.bytesArrived += file.size;
    } else if (file.size > PIECE_BYTES) {
      const offset = there?.received ?? 0;
      plan.large.push({ picked, uploadId: there?.upload_id ?? newId(), offset });
      plan.bytesArrived += offset;
    } else {
      small.push({ ...picked, uploadId: newId() });
    }
  }
  plan.batches = batchFiles(small);
  return plan;
}

function keyOf(path: string, numBytes: number): string {
  return `${numBytes}/${path}`;
}
