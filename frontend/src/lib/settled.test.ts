import { expect, test, vi } from "vitest";
import { settled } from "./settled";

test("calls back once, so long after the last of several events, and not once it was stopped", () => {
  vi.useFakeTimers();
  let calls = 0;
  const { later, stop } = settled(250, () => {
    calls += 1;
  });
  later();
  vi.advanceTimersByTime(249);
  later();
  vi.advanceTimersByTime(249);
  expect(calls).toBe(0);
  vi.advanceTimersByTime(1);
  expect(calls).toBe(1);
  later();
  stop();
  vi.runAllTimers();
  expect(calls).toBe(1);
  vi.useRealTimers();
});
