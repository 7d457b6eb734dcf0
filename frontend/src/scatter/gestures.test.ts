import { beforeEach, describe, expect, test } from "vitest";
import { combineOf, GestureMachine, type PointerInput, wheelFactor } from "./gestures";

const NO_KEYS = { shift: false, alt: false, ctrl: false };
let machine: GestureMachine;

beforeEach(() => {
  machine = new GestureMachine();
});

function at(x: number, y: number, more: Partial<PointerInput> = {}): PointerInput {
  return { pointerId: 1, point: [x, y], button: 0, isTouch: false, modifiers: NO_KEYS, timeMs: 0, ...more };
}

const finger = (pointerId: number, x: number, y: number) => at(x, y, { pointerId, isTouch: true });

describe("a click", () => {
  test("selects what is under it, with the keys held when the button went down", () => {
    const keys = { ...NO_KEYS, shift: true };
    expect(machine.down(at(10, 20, { modifiers: keys }))).toEqual([]);
    expect(machine.move(at(12, 22))).toEqual([]);
    expect(machine.up(at(12, 22))).toEqual([{ type: "click", point: [10, 20], combine: "add" }]);
  });

  test("twice at the same place soon after is a double click", () => {
    machine.down(at(10, 20, { timeMs: 1000 }));
    machine.up(at(10, 20));
    machine.down(at(12, 21, { timeMs: 1300 }));
    expect(machine.up(at(12, 21))).toEqual([{ type: "doubleClick", point: [12, 21], combine: "replace" }]);
  });

  test("twice, but late or elsewhere, is two clicks", () => {
    for (const [x, timeMs] of [
      [10, 0],
      [10, 400],
      [40, 500],
    ] as const) {
      machine.down(at(x, 20, { timeMs }));
      expect(machine.up(at(x, 20))[0]?.type).toBe("click");
    }
  });

  test("of the right button is nothing", () => {
    machine.down(at(10, 20, { button: 2 }));
    expect(machine.up(at(10, 20))).toEqual([]);
  });
});

describe("a drag", () => {
  test("draws a lasso through the points, and selects at the end", () => {
    machine.down(at(0, 0));
    const outline = machine.move(at(10, 0)).at(-1);
    expect(outline).toEqual({
      type: "outline",
      kind: "lasso",
      polygon: [
        [0, 0],
        [10, 0],
      ],
      combine: "replace",
    });
    expect(machine.move(at(11, 0))).toEqual([]);
    machine.move(at(10, 8));
    expect(machine.up(at(10, 8))).toEqual([
      {
        type: "select",
        kind: "lasso",
        polygon: [
          [0, 0],
          [10, 0],
          [10, 8],
        ],
        combine: "replace",
      },
    ]);
  });

  test("in box mode spans two corners, not square", () => {
    machine.mode = "box";
    machine.down(at(50, 40, { modifiers: { ...NO_KEYS, alt: true } }));
    machine.move(at(90, 60));
    machine.move(at(20, 10));
    expect(machine.up(at(20, 10))).toEqual([
      {
        type: "select",
        kind: "box",
        polygon: [
          [50, 40],
          [20, 40],
          [20, 10],
          [50, 10],
        ],
        combine: "subtract",
      },
    ]);
  });

  test.each([
    ["with the middle button", { button: 1 }, "lasso", false],
    ["with the right button", { button: 2 }, "lasso", false],
    ["in pan mode", {}, "pan", false],
    ["with the space bar held", {}, "lasso", true],
  ] as const)("%s pans by the way of the pointer", (_name, more, mode, isSpaceHeld) => {
    machine.mode = mode;
    machine.isSpaceHeld = isSpaceHeld;
    machine.down(at(0, 0, more));
    expect(machine.move(at(7, -3)).at(-1)).toEqual({ type: "pan", dx: 7, dy: -3 });
    expect(machine.move(at(10, -3))).toEqual([{ type: "pan", dx: 3, dy: 0 }]);
    expect(machine.up(at(10, -3))).toEqual([]);
  });

  test("that is cancelled selects nothing", () => {
    machine.down(at(0, 0));
    machine.move(at(10, 0));
    expect(machine.cancel()).toEqual([{ type: "outlineCancelled" }]);
    expect(machine.up(at(10, 0))).toEqual([]);
  });

  test("hides the hover while it lasts", () => {
    machine.down(at(0, 0));
    expect(machine.move(at(10, 0))[0]).toEqual({ type: "hover", point: null });
    expect(machine.leave()).toEqual([]);
  });
});

describe("fingers", () => {
  test("two of them pinch, and end a lasso that one began", () => {
    machine.down(finger(1, 100, 100));
    machine.move(finger(1, 130, 100));
    expect(machine.down(finger(2, 300, 200))).toEqual([{ type: "outlineCancelled" }]);
    expect(machine.move(finger(2, 320, 210))).toEqual([
      {
        type: "pinch",
        from: [
          [130, 100],
          [300, 200],
        ],
        to: [
          [130, 100],
          [320, 210],
        ],
      },
    ]);
    expect(machine.up(finger(2, 320, 210))).toEqual([]);
    expect(machine.up(finger(1, 130, 100))).toEqual([]);
  });

  test("one of them taps or draws, and never hovers", () => {
    expect(machine.move(finger(1, 5, 5))).toEqual([]);
    machine.down(finger(1, 5, 5));
    expect(machine.move(finger(1, 10, 5))).toEqual([]);
    expect(machine.up(finger(1, 10, 5))).toEqual([{ type: "click", point: [5, 5], combine: "replace" }]);
  });
});

test("moving without a button hovers; leaving ends it", () => {
  expect(machine.move(at(3, 4))).toEqual([{ type: "hover", point: [3, 4] }]);
  expect(machine.leave()).toEqual([{ type: "hover", point: null }]);
});

test("alt goes before ctrl, ctrl before shift", () => {
  expect(combineOf({ shift: true, alt: true, ctrl: true })).toBe("subtract");
  expect(combineOf({ shift: true, alt: false, ctrl: true })).toBe("intersect");
  expect(combineOf({ shift: true, alt: false, ctrl: false })).toBe("add");
  expect(combineOf(NO_KEYS)).toBe("replace");
});

test("the wheel: 240 pixels double the zoom; lines count 16 pixels; one event changes at most four times", () => {
  expect(wheelFactor(-240, 0, false)).toBe(2);
  expect(wheelFactor(15, 1, false)).toBe(0.5);
  expect(wheelFactor(-60, 0, true)).toBe(2);
  expect(wheelFactor(-9999, 0, false)).toBe(4);
});
