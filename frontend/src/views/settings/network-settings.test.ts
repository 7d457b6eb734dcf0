import { describe, expect, it } from "vitest";
import type { Backbone, Project } from "../../api/types";
import { effectsOf } from "./network-settings";

const project = (num_images: number) => ({ num_images, num_removed: 0 }) as Project;
const backbone = (is_available: boolean, is_downloadable: boolean) =>
  ({ is_available, is_downloadable }) as Backbone;

describe("effectsOf", () => {
  it("tells what is computed anew, and what stays", () => {
    expect(effectsOf(project(1234), backbone(true, false))).toEqual([
      "It reads all 1,234 images again. Then the map is laid out anew; a model is trained again on the same labels, with new predictions and crops.",
      "Until then the present map and model stay in use.",
      "Labels, classes and saved selections stay as they are.",
      "What the present network has read is kept, so changing back is quick. It takes disk space.",
    ]);
  });

  it("tells of weights that are not at hand first", () => {
    expect(effectsOf(project(1), backbone(false, true))[0]).toBe("Its weights are downloaded first.");
    expect(effectsOf(project(1), backbone(false, false))[0]).toBe(
      "No worker has its weights: nothing is computed until somebody puts the file in place.",
    );
  });

  it("has nothing to compute where there are no images", () => {
    expect(effectsOf(project(0), backbone(true, false))).toEqual([
      "Labels, classes and saved selections stay as they are.",
    ]);
  });

  it("does not say 1 images", () => {
    expect(effectsOf(project(1), undefined)[0]).toMatch(/^It reads the image again\./);
  });
});
