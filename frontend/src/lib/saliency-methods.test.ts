import { describe, expect, test } from "vitest";
import { METHOD_ORDER, methodTitle, SALIENCY_METHODS } from "./saliency-methods";

describe("saliency methods in words", () => {
  test("the method of this project comes first and every one has its own title and a hint", () => {
    expect(METHOD_ORDER[0]).toBe("labeler");
    const titles = METHOD_ORDER.map(methodTitle);
    expect(new Set(titles).size).toBe(METHOD_ORDER.length);
    for (const method of METHOD_ORDER) expect(SALIENCY_METHODS[method].hint).toMatch(/\.$/);
  });
});
