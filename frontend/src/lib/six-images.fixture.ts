/** Six images, for tests of what a model says of them: three without a label that it takes for class 7 or 8. */
export const data = {
  numImages: 6,
  removed: new Uint8Array([0, 0, 0, 0, 0, 1]),
  labels: new Int32Array([0, 0, 0, 7, 0, 0]),
  predictions: new Int32Array([7, 7, 8, 7, 0, 7]),
  confidence: new Uint8Array([229, 128, 127, 10, 0, 10]), // 89.8, 50.2 and 49.8 %, a label, no prediction, removed
  annotatorIds: null,
  numAnnotators: null,
  numAgreeing: null,
  width_px: null,
  height_px: null,
  importIds: null,
  addedAt_s: null,
  found: null,
};
