import { expect, test } from "vitest";
import { fitCamera } from "./fit-camera";

const none = { top: 0, right: 0, bottom: 0, left: 0 };
const layout = Float32Array.of(0, 0, 4, 1, Number.NaN, Number.NaN);

test("without panels the tighter side decides and the middle is the middle", () => {
  expect(fitCamera([layout], { width: 800, height: 300 }, none)).toEqual({ x: 2, y: 0.5, zoom: 200 });
  expect(fitCamera([layout], { width: 2000, height: 300 }, none)).toEqual({ x: 2, y: 0.5, zoom: 300 });
});

test("panels shift the middle towards the free part", () => {
  // Free: 800 x 300 px; the window's middle lies 100 px right of and 50 px below the free part's middle.
  const insets = { top: 0, right: 200, bottom: 100, left: 0 };
  expect(fitCamera([layout], { width: 1000, height: 400 }, insets)).toEqual({ x: 2.5, y: 0.25, zoom: 200 });
});

test("no place, no camera; one place is shown in the middle", () => {
  expect(fitCamera([Float32Array.of(Number.NaN, Number.NaN)], { width: 8, height: 8 }, none)).toBeNull();
  expect(fitCamera([Float32Array.of(3, 5)], { width: 100, height: 100 }, none)).toMatchObject({ x: 3, y: 5 });
});

test("two layouts are shown together", () => {
  const other = Float32Array.of(2, 3);
  expect(fitCamera([layout, other], { width: 800, height: 600 }, none)).toEqual({ x: 2, y: 1.5, zoom: 200 });
});

test("what is not drawn does not count, unless that is everything", () => {
  const three = Float32Array.of(0, 0, 4, 1, 4, 3);
  const size = { width: 800, height: 400 };
  expect(fitCamera([three], size, none, Uint8Array.of(0, 0, 1))).toEqual({ x: 2, y: 0.5, zoom: 200 });
  const all = { x: 2, y: 1.5, zoom: 400 / 3 };
  expect(fitCamera([three], size, none, Uint8Array.of(1, 1, 1))).toEqual(all);
  expect(fitCamera([three], size, none, null)).toEqual(all);
});
