import { describe, expect, it } from "vitest";
import { layoutShape } from "./layout-shape";

describe("layoutShape", () => {
  it("names what the options added", () => {
    const shapeOf = (embedding: string, uses_labels: boolean) =>
      layoutShape({ seed: 0, input: { embedding, uses_labels } });
    expect(shapeOf("looks", false)).toBe("by looks");
    expect(shapeOf("classes", false)).toBe("by looks and predictions");
    expect(shapeOf("looks", true)).toBe("by looks, with labels");
    expect(shapeOf("classes", true)).toBe("by looks and predictions, with labels");
  });

  it("knows that layouts of older versions, which say nothing of it, are by looks", () => {
    expect(layoutShape({ seed: 0 })).toBe("by looks");
  });
});
