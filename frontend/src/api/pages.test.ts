import { expect, test } from "vitest";
import { allItems } from "./pages";

test("it follows next to the end, also where a cursor is 0", async () => {
  const asked: unknown[] = [];
  const pages = [
    { items: ["a", "b"], next: 7 },
    { items: ["c"], next: 0 },
    { items: ["d"], next: null },
  ];
  const items = await allItems(async (query) => {
    asked.push(query);
    return pages[asked.length - 1];
  });
  expect(items).toEqual(["a", "b", "c", "d"]);
  expect(asked).toEqual([{ limit: 1000 }, { limit: 1000, after: 7 }, { limit: 1000, after: 0 }]);
});

test("one page is asked for once", async () => {
  let calls = 0;
  const items = await allItems(async () => {
    calls += 1;
    return { items: [1], next: null };
  });
  expect([items, calls]).toEqual([[1], 1]);
});
