import { expect, test } from "vitest";
import { cameraAt, readSight, sightOf, writeSight } from "./sight";

/** 600 x 200 px are free: the middle lies 50 px left of the window's and 10 px above it. */
const small = { width: 1000, height: 300, insets: { left: 150, right: 250, top: 40, bottom: 60 } };
const large = { width: 2000, height: 1000, insets: { left: 0, right: 0, top: 0, bottom: 200 } };

test("a sight is the middle of the free ground and what its shorter side shows", () => {
  // 100 px a unit: 50 px are half a unit, 10 px a tenth, and 200 px show two units.
  expect(sightOf({ x: 5, y: 7, zoom: 100 }, small)).toEqual({ x: 4.5, y: 7.1, span: 2 });
});

test("another window shows the same ground", () => {
  // 800 px for two units; the middle of the free ground lies 100 px above the window's.
  expect(cameraAt({ x: 4.5, y: 7.1, span: 2 }, large)).toEqual({ x: 4.5, y: 6.85, zoom: 400 });
  expect(cameraAt(sightOf({ x: 5, y: 7, zoom: 100 }, small), small)).toEqual({ x: 5, y: 7, zoom: 100 });
});

test("it is written short, with as many digits as its span can use", () => {
  expect(writeSight({ x: 4.5, y: -7.123456789, span: 2 })).toBe("4.5,-7.1235,2");
  expect(writeSight({ x: 4.5, y: 0, span: 0.0123456 })).toBe("4.5,0,0.012346");
});

test("it reads what it wrote, and nothing else", () => {
  expect(readSight("4.5,-7.1235,2")).toEqual({ x: 4.5, y: -7.1235, span: 2 });
  for (const text of ["", "1,2", "1,2,0", "1,2,-3", "1,2,3,4", "1,x,3", "1,2,Infinity", "1e3,2,3"])
    expect(readSight(text)).toBeNull();
});
