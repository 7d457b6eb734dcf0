import { expect, test } from "vitest";
import type { PickedFile } from "./files";
import { PIECE_BYTES, planUpload } from "./upload-plan";

const picked = (path: string, size: number): PickedFile => ({ path, file: { size } as File });
const ids = () => {
  let count = 0;
  return () => `id-${++count}`;
};

test("small files go together and a large one in pieces", () => {
  const plan = planUpload([picked("a", 3), picked("big", PIECE_BYTES + 1), picked("b", 4)], [], ids());
  expect(plan.batches.map((batch) => batch.map(({ path, uploadId }) => [path, uploadId]))).toEqual([
    [
      ["a", "id-1"],
      ["b", "id-3"],
    ],
  ]);
  expect(plan.large.map(({ uploadId, offset }) => [uploadId, offset])).toEqual([["id-2", 0]]);
  expect([plan.numArrived, plan.bytesArrived]).toEqual([0, 0]);
});

test("what is there is not sent again, and a half file goes on under its own id", () => {
  const size = PIECE_BYTES * 2;
  const arrived = [
    { path: "a", num_bytes: 3, received: 3, upload_id: null },
    { path: "big", num_bytes: size, received: 100, upload_id: "half" },
  ];
  const plan = planUpload([picked("a", 3), picked("big", size), picked("b", 5)], arrived, ids());
  expect(plan.batches.map((batch) => batch.map(({ path }) => path))).toEqual([["b"]]);
  expect(plan.large.map(({ uploadId, offset }) => [uploadId, offset])).toEqual([["half", 100]]);
  expect([plan.numArrived, plan.bytesArrived]).toEqual([1, 103]);
});

test("a file of the same path and another size is another file", () => {
  const arrived = [{ path: "a", num_bytes: 4, received: 4, upload_id: null }];
  const plan = planUpload([picked("a", 3)], arrived, ids());
  expect(plan.batches).toHaveLength(1);
  expect(plan.numArrived).toBe(0);
});
