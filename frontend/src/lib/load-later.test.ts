import { expect, it, vi } from "vitest";
import { loadLater } from "./load-later";

const failing = (numFailures: number) => {
  let calls = 0;
  return vi.fn(async () => {
    calls += 1;
    if (calls <= numFailures) throw new TypeError("Failed to fetch dynamically imported module");
    return "part";
  });
};
const connection = (onlineAfter: number) => {
  let waits = 0;
  return {
    isOnline: () => waits >= onlineAfter,
    untilOnline: vi.fn(async () => {
      waits += 1;
    }),
    pause: vi.fn(async () => {}),
  };
};

it("waits for the network as often as it is away, and does not count those tries", async () => {
  const link = connection(5);
  expect(await loadLater(failing(5), link)).toBe("part");
  expect(link.untilOnline).toHaveBeenCalledTimes(5);
  expect(link.pause).not.toHaveBeenCalled();
});

it("tries three times with a network, then says what went wrong", async () => {
  const link = connection(0);
  expect(await loadLater(failing(2), link)).toBe("part");
  const load = failing(3);
  await expect(loadLater(load, link)).rejects.toThrow("Failed to fetch");
  expect(load).toHaveBeenCalledTimes(3);
});
