import { describe, expect, test } from "vitest";
import { Layout } from "./layout";

const a = new Float32Array([0, 0, 10, 4]);
const b = new Float32Array([4, 8, 10, 0]);

function twoLayouts(): Layout {
  const layout = new Layout();
  layout.replace(2, a, b);
  return layout;
}

describe("Layout", () => {
  test("places lie between A and B by the mix", () => {
    const layout = twoLayouts();
    expect([...layout.places()]).toEqual([0, 0, 10, 4]);
    layout.setMix(0.25);
    expect([...layout.places()]).toEqual([1, 2, 10, 3]);
    layout.setMix(1);
    expect([...layout.places()]).toEqual([4, 8, 10, 0]);
  });

  test("a morph starts at the places on the screen and ends at the new ones", () => {
    const layout = twoLayouts();
    layout.setMix(0.5);
    layout.startMorph(new Float32Array([100, 0, 0, 0]), new Float32Array([200, 0, 0, 0]));
    expect([...layout.places()]).toEqual([2, 4, 10, 2]);
    layout.setMorphAmount(0.5);
    expect([...layout.places()]).toEqual([76, 2, 5, 1]);
    expect(layout.finishMorph()).toBe(true);
    expect([...layout.places()]).toEqual([150, 0, 0, 0]);
    expect(layout.mix).toBe(0.5);
    expect(layout.finishMorph()).toBe(false);
  });

  test("a morph that interrupts a morph goes on from where the items are", () => {
    const layout = twoLayouts();
    layout.startMorph(new Float32Array([10, 0, 10, 4]), null);
    layout.setMorphAmount(0.5);
    layout.startMorph(new Float32Array([0, 0, 0, 0]), null);
    expect([...layout.places()]).toEqual([5, 0, 10, 4]);
  });

  test("an item without a place in one layout takes that of the other", () => {
    const layout = new Layout();
    const missing = Number.NaN;
    layout.replace(
      3,
      new Float32Array([missing, missing, 1, 2, missing, missing]),
      new Float32Array([5, 6, missing, missing, missing, missing]),
    );
    expect([...layout.layouts.a]).toEqual([5, 6, 1, 2, missing, missing]);
    expect([...layout.layouts.b]).toEqual([5, 6, 1, 2, missing, missing]);
  });

  test("an item that gets its first place appears there, without flying in", () => {
    const layout = new Layout();
    layout.replace(2, new Float32Array([Number.NaN, Number.NaN, 1, 1]), null);
    layout.startMorph(new Float32Array([3, 3, 2, 2]), null);
    expect([...layout.places()]).toEqual([3, 3, 1, 1]);
  });

  test("appended items leave the others where they are", () => {
    const layout = twoLayouts();
    layout.setMix(1);
    layout.append(1, new Float32Array([7, 7]), null);
    expect([...layout.places()]).toEqual([4, 8, 10, 0, 7, 7]);
  });

  test("does not keep the arrays it was given", () => {
    const mine = new Float32Array([1, 2]);
    const layout = new Layout();
    layout.replace(1, mine, null);
    mine[0] = 99;
    expect([...layout.places()]).toEqual([1, 2]);
  });

  test("rejects a wrong length and places that are infinite", () => {
    const layout = new Layout();
    expect(() => layout.replace(3, a, null)).toThrow("positionsA holds 4 numbers, expected 6");
    expect(() => layout.replace(2, a, new Float32Array(2))).toThrow("positionsB holds 2 numbers, expected 4");
    expect(() => layout.replace(1, new Float32Array([0, Infinity]), null)).toThrow("positionsA of item 0");
  });
});
